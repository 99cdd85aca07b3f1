import { restAfter } from '../rest.ts';
import { doorsWith } from './expressions.ts';
import type { MentionDoc, Uncounted } from './models.ts';
import type { Parts } from './parts.ts';
import { createRecount } from './recount.ts';
import { together } from './together.ts';

const MOST_AT_ONCE = 100;

/** A change of a topic's public list, and the mark that says what it owes. */
interface Changed {
  topicId: string;
  mentionId: string;
  owes: Uncounted;
}

/**
 * A topic's counters without transactions. A change of the public list is written first, with a mark of
 * what it owes; then the small part that changed (its month, its blog) is counted again and written, if the
 * topic is still at the version read before counting; the mark goes last. Counting again does no
 * harm, so whoever finds a mark that another process left finishes its work. Changes of one topic that
 * come while it is counted are counted together, once.
 */
export function createCounting(parts: Pick<Parts, 'models' | 'now'>) {
  const { mentions } = parts.models;
  const recount = createRecount(parts);

  /** The marks this process is at, which `finish` leaves to it. */
  const underWay = new Set<string>();
  const countSoon = together(({ topicId }: Changed) => topicId, count, { restMs: restAfter });

  async function settleMark({ _id, topicId, uncounted }: Pick<MentionDoc, '_id' | 'topicId' | 'uncounted'>) {
    if (!uncounted) return;
    const { token, into } = uncounted;
    underWay.add(token);
    try {
      if (into) await showDoors(_id, into);
      await countSoon({ topicId, mentionId: _id, owes: uncounted });
    } finally {
      underWay.delete(token);
    }
  }

  async function count(changes: readonly Changed[]): Promise<void> {
    const { topicId } = changes[0] as Changed;
    await recount(topicId, {
      months: new Set(changes.flatMap(({ owes }) => owes.months)),
      sites: new Set(changes.flatMap(({ owes }) => owes.sites)),
    });
    const ids = changes.map(({ mentionId }) => mentionId);
    const tokens = changes.map(({ owes }) => owes.token);
    await mentions.updateMany(
      { _id: { $in: ids }, 'uncounted.token': { $in: tokens } },
      { $unset: { uncounted: 1 } },
    );
  }

  /** The doors of a merged post are shown on the one it was merged into. */
  async function showDoors(mergedId: string, into: string): Promise<void> {
    const merged = await mentions.findById(mergedId).lean();
    if (!merged) return;
    const vias = merged.doors.map(door => door.via);
    await mentions.updateOne(
      { _id: into },
      [{ $set: { doors: doorsWith(vias, merged.lastPingAt) } }, { $set: { shownDoors: '$doors.via' } }],
      { updatePipeline: true },
    );
  }

  return {
    settleMark,
    /** Finishes what other processes left; returns how many marks there were. */
    async finish(): Promise<number> {
      const left = await mentions
        .find({ 'uncounted.token': { $exists: true } })
        .select('topicId uncounted')
        .limit(MOST_AT_ONCE)
        .lean();
      const abandoned = left.filter(({ uncounted }) => uncounted && !underWay.has(uncounted.token));
      await Promise.all(abandoned.map(settleMark));
      return abandoned.length;
    },
  };
}
