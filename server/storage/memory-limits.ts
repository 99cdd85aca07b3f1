import { LRUCache } from 'lru-cache';
import RateLimiterMemory from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
import type { Limit, Limits, Rate } from '../mentions/limits.ts';

/** Addresses are cheap to a sender, so only so many are remembered; the longest unseen is forgotten first. */
const MOST_KEYS = 20_000;

/** What the limiters answer, whether they let pass (resolve) or not (reject). */
export interface Counted {
  consumedPoints: number;
  msBeforeNext: number;
}

/** Limits that this process counts for itself. */
export const memoryLimits: Limits = { of: (_name, rate) => memoryLimit(rate) };

/** One limit in memory; also what stands in for a database that does not answer. */
export function memoryLimit(rate: Rate): Limit {
  const limiter = new RateLimiterMemory({ keyPrefix: '', points: rate.most, duration: rate.seconds });
  const keys = new LRUCache<string, true>({
    max: MOST_KEYS,
    noDisposeOnSet: true,
    dispose: (_known, key) => void limiter.delete(key),
  });
  return key => {
    keys.set(key, true);
    return limiter.consume(key).then(
      () => null,
      (counted: Counted) => ({ rate, count: counted.consumedPoints, waitMs: counted.msBeforeNext }),
    );
  };
}
