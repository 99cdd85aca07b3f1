import { MOST_OF_KEY, type RefusedPing, type Refusals } from '../../mentions/refusals.ts';
import type { Parts } from './parts.ts';
import { together } from './together.ts';
import { tryAgain } from './try-again.ts';

const DAY_MS = 86_400_000;
const PIECE = 1_000;
/** No sender waits longer for a refusal to be noted. */
const NOTE_MS = 1_000;

/** Refusals in MongoDB; the contract is the port's. */
export function createRefusals({ models, now }: Pick<Parts, 'models' | 'now'>): Refusals {
  const { refusals } = models;
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

  return {
    note: together(({ key, topicId, reason }: RefusedPing) => `${key} ${topicId} ${reason}`, note, {
      mostMs: NOTE_MS,
    }),
    async ofKey(key) {
      return refusals.find({ key }).select('-_id').sort({ last: -1, reason: 1 }).limit(MOST_OF_KEY).lean();
    },
    async purge(olderThanDays) {
      const day = dayOf(now() - olderThanDays * DAY_MS);
      for (let total = 0; ; ) {
        const piece = await refusals
          .find({ day: { $lt: day } })
          .select('_id')
          .limit(PIECE)
          .lean();
        if (piece.length === 0) return total;
        total += (await refusals.deleteMany({ _id: { $in: piece.map(one => one._id) } })).deletedCount;
      }
    },
  };

  /** Equal refusals that came together, in one write: each alone would wait for the others' locks on the one record. */
  async function note(equal: readonly RefusedPing[]): Promise<void> {
    const at = now();
    const { key, topicId, reason } = equal[0] as RefusedPing;
    await tryAgain(() =>
      refusals.updateOne(
        { key, topicId, reason, day: dayOf(at) },
        { $inc: { count: equal.length }, $set: { last: at } },
        { upsert: true },
      ),
    );
  }
}
