import { createHmac } from 'node:crypto';
import type { Connection, mongo } from 'mongoose';
import RateLimiterMongo from 'rate-limiter-flexible/lib/RateLimiterMongo.js';
import type { Limit, Limits, Overrun, Rate } from '../../mentions/limits.ts';
import { within } from '../deadline.ts';
import { type Counted, memoryLimit } from '../memory-limits.ts';
import { beginTogether } from './begin-together.ts';
import type { SharedClock } from './clock.ts';
import { createDailyKey } from './daily-key.ts';
import { inSharedTime } from './in-shared-time.ts';
import { withLostUpserts } from './lost-upserts.ts';
import type { Parts } from './parts.ts';
import { together } from './together.ts';
import { tryAgain } from './try-again.ts';

/** Nobody waits longer for a count: within 50 ms each process counts for itself. */
const ANSWER_MS = 40;
/** How long a database that gave no count is not asked again. */
const AWAY_MS = 1_000;
/** What the library says of whom it blocked in memory, in place of a count. */
const BLOCKED = 0;

/**
 * Limits that all processes on a database count together, in windows of its clock. What is counted stands there as a
 * hash whose key changes daily, so that no sender's address is stored and none can be followed from day to day.
 */
export function createLimits(
  connection: Connection,
  parts: Parts & Pick<SharedClock, 'aheadMs'>,
  answerMs = ANSWER_MS,
): Limits {
  const dailyKey = createDailyKey(parts);
  const { name: tableName } = parts.models.limits.collection;
  // A count that is lost with the server does no harm, and a write that waits for the disk would.
  const collection = (connection.db as mongo.Db).collection(tableName, {
    writeConcern: { w: 1, journal: false },
  });
  const windows = beginTogether(collection, withLostUpserts(collection), answerMs);
  const counts = inSharedTime(windows, parts.aheadMs);
  const storeClient = { collection: () => counts };
  let awayUntil = 0;

  function sharedLimit(name: string, rate: Rate): Limit {
    const limiter = new RateLimiterMongo({
      storeClient,
      tableName,
      keyPrefix: name,
      points: rate.most,
      duration: rate.seconds,
      disableIndexesCreation: true,
      // Who is that far beyond spares the database: the answer comes from memory until the window is over.
      inMemoryBlockOnConsumed: 2 * rate.most,
    });
    const consume = (hash: string, points: number): Promise<Counted> =>
      limiter.consume(hash, points).catch((beyond: Counted | Error) => {
        if (beyond instanceof Error) throw beyond;
        return beyond;
      });
    const count = together(
      (asked: { hash: string }) => asked.hash,
      async group => {
        const { hash } = group[0] as { hash: string };
        const { consumedPoints, msBeforeNext } = await tryAgain(() => consume(hash, group.length));
        const before = consumedPoints === BLOCKED ? null : consumedPoints - group.length;
        return new Map(
          group.map((asked, index) => [
            asked,
            overrun(rate, before === null ? null : before + index + 1, msBeforeNext),
          ]),
        );
      },
    );
    return async key => {
      const asked = {
        hash: createHmac('sha256', await dailyKey())
          .update(key)
          .digest('base64url'),
      };
      return (await count(asked)).get(asked) ?? null;
    };
  }

  return {
    of(name, rate) {
      const shared = sharedLimit(name, rate);
      const own = memoryLimit(rate);
      return async key => {
        if (performance.now() < awayUntil) return own(key);
        try {
          return await within(shared(key), answerMs, 'a limit');
        } catch {
          awayUntil = performance.now() + AWAY_MS;
          return own(key);
        }
      };
    },
  };
}

/** The one that has this count; null for the count where it is beyond counting. */
function overrun(rate: Rate, count: number | null, waitMs: number): Overrun | null {
  return count !== null && count <= rate.most ? null : { rate, count, waitMs };
}
