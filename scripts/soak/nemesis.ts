import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from './database.ts';
import type { Fleet } from './fleet.ts';
import { type Kill, type Outage, type Stall, type Step, stepInWords } from './plan.ts';

/** What was done, and how often each: `kill web-1`, `freeze database`. */
export interface Deeds {
  loops: number;
  byKind: Map<string, number>;
}

/** What the nemesis works on and whom it tells. */
export interface NemesisNeeds {
  fleet: Fleet;
  database: Database;
  /** Called when the database was broken and is back. */
  databaseIsBack: () => void;
  /** Called before each step, with its number from 1 and its words. */
  step: (number: number, words: string) => void;
  signal: AbortSignal;
}

/**
 * Carries out the steps of a plan one after the other, at most `loops` of them (null: any number), and
 * begins none after `forMs` (null: no matter how long). Throws when a process does not start any more, when the
 * database's program fails, and when `signal` ends it.
 */
export async function torment(
  steps: Iterator<Step>,
  { loops, forMs }: { loops: number | null; forMs: number | null },
  { fleet, database, databaseIsBack, step: tell, signal }: NemesisNeeds,
): Promise<Deeds> {
  const deeds: Deeds = { loops: 0, byKind: new Map() };
  const end = forMs === null ? Number.POSITIVE_INFINITY : performance.now() + forMs;
  const count = (deed: string) => deeds.byKind.set(deed, (deeds.byKind.get(deed) ?? 0) + 1);

  async function kill(step: Kill): Promise<void> {
    const target = fleet.byName(step.target);
    if (step.from === 'listening') await target.listening(signal);
    const age = step.from === 'listening' ? target.sinceListening() : target.sinceStart();
    // One that has run for longer dies at the same distance from the beginning of this step.
    const left = step.afterMs - age;
    await pause(left >= 0 ? left : step.afterMs, undefined, { signal });
    target.kill();
    target.start();
    count(`kill ${step.target}`);
  }

  async function breakDatabase({ how, afterMs, forMs }: Outage): Promise<void> {
    await pause(afterMs, undefined, { signal });
    await database.breakIt(how, forMs);
    databaseIsBack();
    count(`${how} database`);
  }

  async function stall(step: Stall): Promise<void> {
    const target = fleet.byName(step.target);
    await target.listening(signal);
    target.stall();
    try {
      await pause(step.forMs, undefined, { signal });
    } finally {
      target.resume();
    }
    count(`stall ${step.target}`);
  }

  while (performance.now() < end && deeds.loops < (loops ?? Number.POSITIVE_INFINITY)) {
    signal.throwIfAborted();
    const step = steps.next().value as Step;
    tell(deeds.loops + 1, stepInWords(step));
    if (step.kind === 'stall') await stall(step);
    else await both(kill(step), step.database ? breakDatabase(step.database) : Promise.resolve());
    deeds.loops++;
  }
  return deeds;
}

/** Waits for both, so that nothing is broken any more behind the back of whoever cleans up; then throws what failed. */
async function both(...deeds: [Promise<void>, Promise<void>]): Promise<void> {
  for (const done of await Promise.allSettled(deeds)) if (done.status === 'rejected') throw done.reason;
}
