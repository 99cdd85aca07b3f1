import { setTimeout as pause } from 'node:timers/promises';
import { StoreAway } from '../storage.ts';

/** As long as the worker waits, who has time. */
const MOST_MS = 10_000;

/** How calls about one thing follow each other; times in milliseconds. */
export interface Pace {
  /** How long one may take; who called gets a `StoreAway` then. */
  mostMs?: number;
  /** How long one that is under way holds up the next; as long as it may take, unless said otherwise. */
  nextMs?: number;
  /** How long the next waits after one that succeeded and took so long, so that more come together. */
  restMs?: (tookMs: number) => number;
}

/** What waits for its turn: what is asked, and who asked. */
interface Waiting<Asked, Result> {
  asked: Asked;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Lets calls about one thing go out one after the other, and those that came meanwhile together as one.
 * A hundred equal pings at once are then two writes of one document, where a hundred writers would
 * hold each other up until their deadlines. A call that the driver never ends (one was seen whose connection broke
 * as it was written) holds up the next ones for `nextMs`, and is given up after `mostMs`, which is longer than anybody
 * waits for it.
 */
export function together<Asked, Result>(
  nameOf: (asked: Asked) => string,
  work: (together: readonly Asked[]) => Promise<Result>,
  { mostMs = MOST_MS, nextMs = mostMs, restMs = () => 0 }: Pace = {},
): (asked: Asked) => Promise<Result> {
  const lines = new Map<string, Waiting<Asked, Result>[]>();

  async function serve(name: string): Promise<void> {
    for (let group = lines.get(name); group && group.length > 0; group = lines.get(name)) {
      lines.set(name, []);
      await orAfter(nextMs, answer(group));
    }
    lines.delete(name);
  }

  async function answer(group: readonly Waiting<Asked, Result>[]): Promise<void> {
    const began = performance.now();
    try {
      const result = await endingWithin(mostMs, work(group.map(one => one.asked)));
      const rest = restMs(performance.now() - began);
      for (const one of group) one.resolve(result);
      if (rest > 0) await pause(rest, undefined, { ref: false });
    } catch (error) {
      for (const one of group) one.reject(error);
    }
  }

  return asked =>
    new Promise((resolve, reject) => {
      const name = nameOf(asked);
      const line = lines.get(name);
      if (line) {
        line.push({ asked, resolve, reject });
        return;
      }
      lines.set(name, [{ asked, resolve, reject }]);
      void serve(name);
    });
}

function endingWithin<Result>(ms: number, call: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreAway(`a call did not end within ${ms} ms`)), ms);
    call.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Resolves when a call has ended, or after so long. */
function orAfter(ms: number, call: Promise<void>): Promise<void> {
  return new Promise(resolve => {
    // Whoever is answered already keeps no process from its end.
    const timer = setTimeout(resolve, ms).unref();
    void call.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
