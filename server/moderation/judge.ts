import type { PageFacts, Shown } from '../mentions/mention.ts';
import type { ClaimedMention } from '../mentions/mentions.ts';

/** What may become of a post whose link was seen. */
export type Judgement = 'listed' | 'held' | 'junk';

/** What was seen of a post: its page, and the words of it that would be shown. */
export interface ToJudge {
  page: PageFacts;
  shown: Shown;
}

/** Decides about a post that links to its topic, each time it does: words that come later are judged like the first. */
export type Judge = (mention: ClaimedMention, seen: ToJudge) => Judgement;

/** Lists every linked post: there is no moderation yet, and this is the one place where that will change. */
export const listEverything: Judge = () => 'listed';
