import { type Storage, StoreAway } from './storage.ts';

/** How often it is asked how a call stands that has no answer yet, in milliseconds. */
const CHECKED_MS = 50;
/** How long a call may wait for a store that was silent for others: whoever pings makes several, one after the other. */
const DOUBTED_MS = 100;

/**
 * Tells calls that wait for a store that is slow from calls that wait for one that says nothing any more (a frozen
 * server keeps its connections, and drivers take seconds to see it). What comes back follows a call to its end, but
 * rejects with `StoreAway` once the store has been silent for `silentMs`, and once it is known to be away. Any answer to
 * anybody is a sign of life, a late one too; halfway through a silence the store is asked for one.
 */
export function createPulse({ ping, patienceMs }: Pick<Storage, 'ping' | 'patienceMs'>, silentMs: number) {
  const halfMs = silentMs / 2;
  let heardAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;
  let silent = false;

  function hear(): void {
    heardAt = performance.now();
    silent = false;
  }

  function isSilent(since: number): boolean {
    // While no server is found at all, it is the driver that knows how long it may take to find one.
    if (patienceMs() < Number.POSITIVE_INFINITY) return false;
    const now = performance.now();
    const from = Math.max(since, heardAt);
    if (silent) return now - from >= DOUBTED_MS;
    if (now - from >= halfMs && askedAt < from) {
      askedAt = now;
      ping().then(hear, () => {});
    }
    silent = now - from >= silentMs && now - askedAt >= halfMs;
    return silent;
  }

  return <Result>(call: Promise<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      let ended = false;
      // Where it was this process that stood still, answers are waiting, and come before `setImmediate` does.
      let timer = setTimeout(setImmediate, CHECKED_MS, check);
      function check(): void {
        if (ended) return;
        if (patienceMs() === 0) reject(new StoreAway('nobody is there'));
        else if (isSilent(since)) reject(new StoreAway('it says nothing'));
        else timer = setTimeout(setImmediate, CHECKED_MS, check);
      }
      call
        .then(answer => {
          hear();
          resolve(answer);
        }, reject)
        .finally(() => {
          ended = true;
          clearTimeout(timer);
        });
    });
}
