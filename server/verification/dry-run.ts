import type { Met } from '../mentions/mention.ts';
import type { Source } from '../mentions/source-key.ts';
import type { Topic } from '../topics/topic.ts';
import { evidenceOf, type TopicAt } from './evidence.ts';
import { type FollowNeeds, follow } from './follow.ts';
import type { Wanted } from './hop.ts';
import { countReceipts } from './linked-receipts.ts';
import type { Seen } from './outcomes.ts';
import { seenBy } from './seen.ts';
import type { OpenVisit, PutOff } from './visit.ts';

/** What a look at a post would come to if it were pinged now, and what was met. */
export interface DryRun {
  seen: Seen;
  evidence: Met;
}

export interface DryRunNeeds extends Omit<FollowNeeds, 'hop'> {
  openVisit: OpenVisit;
  newToken: () => string;
  targetsOf: (topic: Topic, mentionId: string) => Wanted['targets'];
  topicAt: TopicAt;
}

/** `sender`: who is named to the site; null for nobody. */
export type TryLook = (
  source: Pick<Source, 'url'>,
  topic: Topic,
  sender: string | null,
) => Promise<DryRun | PutOff>;

/** No record stands behind a dry run, and nobody claims any words: the page speaks for itself. */
const NOBODY = { id: 'dry-run', claim: { title: null, excerpt: null, blogName: null } };

/**
 * Looks at a post as the worker does, through the same threads and the same guard, and remembers nothing of it.
 * Ends with the deadline of a look, whatever the page does; put off as the worker's would be; rejects only when the
 * store is away.
 */
export function createTryLook(needs: DryRunNeeds): TryLook {
  const { openVisit, newToken, targetsOf, topicAt, now } = needs;
  return async ({ url }, topic, sender) => {
    const wanted = { ...NOBODY, targets: targetsOf(topic, NOBODY.id) };
    const mention = { id: NOBODY.id, topicId: topic.id };
    const visit = await openVisit(url, newToken());
    if ('kind' in visit) return visit;
    const followed = await follow(url, [wanted], { ...needs, hop: visit.hop }, sender).finally(visit.leave);
    if ('kind' in followed) return followed;
    const look = await countReceipts(followed, [mention], topicAt);
    const seen = seenBy(NOBODY, look, now());
    const met = await evidenceOf(topicAt, mention, look);
    return { seen, evidence: { ...met, saw: seen.saw } };
  };
}
