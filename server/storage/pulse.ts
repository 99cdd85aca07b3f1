import { type Storage, StoreAway } from './storage.ts';

/** How often it is asked how a call stands that has no answer yet, in milliseconds. */
const CHECKED_MS = 50;
/** How long a call may wait for a store that was silent for others: whoever pings makes several, one after the other. */
const DOUBTED_MS = 100;

/**
 * Tells calls that wait for a store that is slow from calls that wait for one that says nothing any more (a frozen
 * server keeps its connections, and drivers take seconds to see it). What comes back follows a call for `mostMs`, but
 * rejects with `StoreAway` once the store has been silent for `silentMs`, and once it is known to be away. Whatever it
 * does for anybody is a sign of life, a late one too; halfway through a silence it is asked for one.
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
    if (patienceMs() < Number.POSITIVE_INFINITY) {
      // While no server is found at all, it is the driver that knows how long it may take to find one.
      silent = false;
      return false;
    }
    const now = performance.now();
    const from = Math.max(since, heardAt);
    const doubtedAfter = silent ? 0 : halfMs;
    if (now - from >= doubtedAfter && askedAt < from) {
      askedAt = now;
      ping().then(hear, () => {});
    }
    if (silent) return now - from >= DOUBTED_MS;
    silent = now - from >= silentMs && now - askedAt >= halfMs;
    return silent;
  }

  return <Result>(call: Promise<Result>, mostMs: number): Promise<Result> =>
    new Promise((resolve, reject) => {
      const since = performance.now();
      let ended = false;
      // Where it was this process that stood still, answers are waiting, and come before `setImmediate` does.
      let timer = setTimeout(setImmediate, CHECKED_MS, check);
      function check(): void {
        if (ended || performance.now() - since > mostMs) return;
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
