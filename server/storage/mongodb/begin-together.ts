import { LRUCache } from 'lru-cache';
import type { mongo } from 'mongoose';
import { insertTogether } from './insert-together.ts';
import type { LimitDoc } from './models.ts';

/** What the limits count with. */
export interface Counts {
  findOneAndUpdate(
    filter: mongo.Filter<mongo.Document>,
    update: mongo.UpdateFilter<mongo.Document>,
    options: mongo.FindOneAndUpdateOptions,
  ): Promise<mongo.Document | null>;
}

/** So many keys are known to have been counted; of the others it costs an insert in vain to find out. */
const MOST_KEYS = 20_000;
/** A count has to be there within 40 ms, so it waits for others only as long as nobody feels. */
const NEXT_MS = 5;

/**
 * Counts of which the windows that begin at the same moment are inserted with one command. Most keys are new, for most
 * pings are of another post and many of another sender; who inserts a window has its first count, as exactly as by
 * counting. A key that was counted here before is one for `findOneAndUpdate`, as is a window that is there already.
 */
export function beginTogether(
  collection: Pick<mongo.Collection, 'insertMany'>,
  counts: Counts,
  mostMs: number,
): Counts {
  const insert = insertTogether<LimitDoc>(collection, ({ key }) => key, { mostMs, nextMs: NEXT_MS });
  const counted = new LRUCache<string, true>({ max: MOST_KEYS });
  return {
    async findOneAndUpdate(filter, update, options) {
      const key = String(filter['key']);
      const window = counted.has(key) ? null : windowOf(update);
      counted.set(key, true);
      if (window && (await insert(window)) === null) return window;
      return counts.findOneAndUpdate(filter, update, options);
    },
  };
}

/** The window that such an update would begin, if there is none. */
function windowOf({ $setOnInsert, $inc }: mongo.UpdateFilter<mongo.Document>): LimitDoc | null {
  return $setOnInsert && $inc ? ({ ...$setOnInsert, ...$inc } as LimitDoc) : null;
}
