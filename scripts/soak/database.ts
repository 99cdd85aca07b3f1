import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError } from '../command.ts';
import type { DatabaseFault } from './plan.ts';

const LONGEST_VERB_MS = 120_000;

/** A database server that can be broken on purpose, and when it was. Times are of `performance.now()`. */
export interface Database {
  /** What can be done to it; empty when no program was named. */
  faults: readonly DatabaseFault[];
  /** Breaks it for so many milliseconds and brings it back; resolves when it is back. */
  breakIt: (how: DatabaseFault, forMs: number) => Promise<void>;
  /** When it went away, if it was away at any moment between the two; null if it was there. */
  wentAway: (from: number, to: number) => number | null;
  /** Makes sure that it runs, however a run ended. */
  restore: () => Promise<void>;
}

/** The database behind a program that understands `kill`, `stop`, `freeze`, `thaw` and `up`. */
export function createDatabase(program: string | null): Database {
  const outages: { from: number; to: number }[] = [];
  let broken = false;

  async function bringBack(how: DatabaseFault): Promise<void> {
    await tell(how === 'freeze' ? 'thaw' : 'up');
    broken = false;
  }

  async function tell(verb: string): Promise<void> {
    const child = spawn(`${program} ${verb}`, {
      shell: true,
      stdio: 'ignore',
      timeout: LONGEST_VERB_MS,
      detached: true,
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new CommandError(`"${program} ${verb}" ended with ${code ?? 'a signal'}.`);
  }

  return {
    faults: program ? ['kill', 'stop', 'freeze'] : [],
    async breakIt(how, forMs) {
      const outage = { from: performance.now(), to: Number.POSITIVE_INFINITY };
      outages.push(outage);
      broken = true;
      await tell(how);
      await pause(forMs);
      await bringBack(how);
      outage.to = performance.now();
    },
    wentAway: (from, to) => outages.find(outage => outage.from < to && outage.to > from)?.from ?? null,
    async restore() {
      if (!broken) return;
      await tell('thaw');
      await tell('up');
      broken = false;
    },
  };
}
