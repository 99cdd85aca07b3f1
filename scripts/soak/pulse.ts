import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from './member.ts';

const EVERY_MS = 50;

/** A question for a sign of life, from when it was due to when it was answered; times are of `performance.now()`. */
interface Beat {
  from: number;
  /** Infinity while it is awaited. */
  to: number;
}

/** How long signs of life took, of each web. */
export interface Pulse {
  /** The longest that a web took for one in that time, in milliseconds. */
  longest: (web: Member, from: number, to: number) => number;
  stop: () => void;
}

/**
 * Asks every web for a sign of life (`/livez`) again and again. That asks nothing of the database, so what it takes is
 * what the machine makes everybody wait: four processes, a database and the senders may share two cores.
 */
export function feelPulse(webs: readonly Member[]): Pulse {
  const beats = new Map<Member, Beat[]>(webs.map(web => [web, []]));
  let over = false;

  async function feel(web: Member, felt: Beat[]): Promise<void> {
    while (!over) {
      // Also what the machine makes us wait before we can ask.
      const due = performance.now() + EVERY_MS;
      await pause(EVERY_MS);
      const address = web.address();
      if (!address) continue;
      const beat = { from: due, to: Number.POSITIVE_INFINITY };
      felt.push(beat);
      // The dead do not answer, and neither do they answer pings.
      await fetch(`${address}/livez`)
        .then(answer => answer.text())
        .catch(() => {});
      beat.to = performance.now();
    }
  }

  for (const [web, felt] of beats) void feel(web, felt);
  return {
    longest(web, from, to) {
      const felt = beats.get(web) ?? [];
      // One after the other, so that what ended before ends the search.
      const before = felt.findLastIndex(beat => beat.to <= from);
      const meanwhile = felt.slice(before + 1).filter(beat => beat.from < to);
      return Math.max(0, ...meanwhile.map(beat => Math.min(beat.to, to) - beat.from));
    },
    stop() {
      over = true;
    },
  };
}
