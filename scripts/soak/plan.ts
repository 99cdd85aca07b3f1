import type { Chance } from './chance.ts';

/** A process dies at most this long after its start, or after the step began if it has run for longer. */
const LATEST_KILL_MS = 2_000;
/** Longer than the lease of 60 s that a worker holds a post under. */
const STALL_MS = 65_000;
/** Where there is time for a stall, the first one and how often after it, in steps of about 2 s. */
const FIRST_STALL = 10;
const STALL_EVERY = 50;

export type DatabaseFault = 'kill' | 'stop' | 'freeze';

/** A process dies by kill -9, perhaps while the database is away, and is started again. */
export interface Kill {
  kind: 'kill';
  target: string;
  /** Whether the moment counts from its start, so that it dies opening its store, or from its first line. */
  from: 'start' | 'listening';
  afterMs: number;
  database: Outage | null;
}

/** The database goes so long after the step began, for so long. */
export interface Outage {
  how: DatabaseFault;
  afterMs: number;
  forMs: number;
}

/** A process is held for longer than a lease lasts. */
export interface Stall {
  kind: 'stall';
  target: string;
  forMs: number;
}

/** One step of the nemesis. */
export type Step = Kill | Stall;

/** What there is to break. */
export interface Breakable {
  names: readonly string[];
  /** Who looks at posts, and can outstay a lease. */
  workers: readonly string[];
  /** Whether a run is long enough for stalls. */
  stalls: boolean;
  /** What can be done to the database, in every second step; empty: nothing. */
  databaseFaults: readonly DatabaseFault[];
}

/** The steps of a run, without end, as the seed has them; half of the kills hit the process that has just been started. */
export function* planSteps(chance: Chance, parts: Breakable): Generator<Step, never> {
  const { names, workers, stalls, databaseFaults } = parts;
  let last = chance.pick(names);
  for (let number = 1; ; number++) {
    if (stalls && number % STALL_EVERY === FIRST_STALL) {
      yield { kind: 'stall', target: chance.pick(workers), forMs: STALL_MS };
      continue;
    }
    last = chance.happens(0.5) ? last : chance.pick(names);
    const broken = number % 2 === 0 && databaseFaults.length > 0;
    yield {
      kind: 'kill',
      target: last,
      from: chance.happens(0.2) ? 'start' : 'listening',
      afterMs: chance.between(0, LATEST_KILL_MS),
      database: broken
        ? {
            how: chance.pick(databaseFaults),
            afterMs: chance.between(0, LATEST_KILL_MS),
            forMs: chance.between(0, 3_000),
          }
        : null,
    };
  }
}

/** A step as the schedule shows it; times in milliseconds. */
export function stepInWords(step: Step): string {
  if (step.kind === 'stall') return `stall ${step.target} for ${step.forMs}`;
  const { target, from, afterMs, database } = step;
  const also = database ? `, database ${database.how} after ${database.afterMs} for ${database.forMs}` : '';
  return `kill ${target} ${afterMs} after ${from}${also}`;
}
