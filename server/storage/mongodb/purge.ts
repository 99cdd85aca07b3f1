import { setTimeout as pause } from 'node:timers/promises';
import type { Status } from '../../mentions/mention.ts';
import type { Mentions } from '../../mentions/mentions.ts';
import { FORGETTABLE } from './models.ts';
import type { Parts } from './parts.ts';

const DAY_MS = 86_400_000;
const PIECE = 500;

/** A post in these states owes its next look, or waits for nobody. */
const NEVER_LISTED: Status[] = ['held', 'junk', 'unlinked', 'unreachable'];
const KEPT: Status[] = ['merged', 'withdrawn', 'removed', ...NEVER_LISTED];

/**
 * What did not change since. Every change leaves an event, so a history without a young one says so; the index
 * is used only where all of its own condition is asked for.
 */
export function atRest(before: number) {
  return {
    ...FORGETTABLE,
    lastPingAt: { $lt: before },
    'history.at': { $not: { $gte: before } },
    'history.last': { $not: { $gte: before } },
  };
}

/** What is forgotten after a while; the contract is the port's. */
export function createPurge({ models, now }: Pick<Parts, 'models' | 'now'>): Mentions['purge'] {
  const { mentions } = models;

  return async olderThanDays => {
    const before = now() - olderThanDays * DAY_MS;
    const deletable = { ...atRest(before), status: { $in: NEVER_LISTED }, listedAt: null };
    const deleted = await inPieces(deletable, ids =>
      mentions.deleteMany({ ...deletable, _id: { $in: ids } }),
    );
    const forgettable = { ...atRest(before), status: { $in: KEPT } };
    const cut = await inPieces(forgettable, ids =>
      mentions.updateMany({ ...forgettable, _id: { $in: ids } }, { $set: { history: [] } }),
    );
    return deleted + cut;
  };

  /** The filter is asked again with the change, because a ping may have come in between. */
  async function inPieces(
    filter: Record<string, unknown>,
    change: (ids: string[]) => Promise<unknown>,
  ): Promise<number> {
    for (let total = 0; ; await pause(5)) {
      const piece = await mentions.find(filter).select('_id').limit(PIECE).lean();
      if (piece.length === 0) return total;
      await change(piece.map(one => one._id));
      total += piece.length;
    }
  }
}
