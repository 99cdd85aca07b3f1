import { setTimeout as pause } from 'node:timers/promises';
import type { SoakStore, Unrest } from './store.ts';

const EVERY_MS = 2_000;
/** Longer than a lease and the second rung of the ladder of looks (5 min) after which nothing moves. */
const LONGEST_STANDSTILL_MS = 7 * 60_000;
const LONGEST_MS = 60 * 60_000;

/** Whether nothing is owed and nothing is held. */
export function isAtRest(unrest: Unrest): boolean {
  return Object.values(unrest).every(count => count === 0);
}

/**
 * Waits until everything is at rest. Returns what is left when it gives up: nothing moved for 7 minutes, or
 * an hour has passed. Throws when `signal` ends it.
 */
export async function comeToRest(
  store: SoakStore,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<{ unrest: Unrest; tookMs: number }> {
  const begun = performance.now();
  let movedAt = begun;
  let before = '';
  for (let rounds = 0; ; rounds++) {
    const unrest = await store.unrest();
    const now = performance.now();
    const words = inWords(unrest);
    if (words !== before) movedAt = now;
    before = words;
    if (rounds % 5 === 0) say(`coming to rest: ${words}`);
    const givesUp = now - movedAt > LONGEST_STANDSTILL_MS || now - begun > LONGEST_MS;
    if (isAtRest(unrest) || givesUp) return { unrest, tookMs: now - begun };
    await pause(EVERY_MS, undefined, { signal });
  }
}

function inWords(unrest: Unrest): string {
  return Object.entries(unrest)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
