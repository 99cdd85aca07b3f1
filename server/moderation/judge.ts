import type { ClaimedMention } from '../mentions/mentions.ts';

/** What may become of a post whose link was seen. */
export type Judgement = 'listed' | 'held' | 'junk';

/** Decides about a post that links to its topic. */
export type Judge = (mention: ClaimedMention) => Judgement;

/** Lists every linked post: there is no moderation yet, and this is the one place where that will change. */
export const listEverything: Judge = () => 'listed';
