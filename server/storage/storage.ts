import type { Limits } from '../mentions/limits.ts';
import type { Mentions } from '../mentions/mentions.ts';
import type { Refusals } from '../mentions/refusals.ts';
import type { NewTopic, Topics } from '../topics/topics.ts';
import type { Visits } from '../verification/visits.ts';
import type { Random } from './new-id.ts';
import type { Records } from './records.ts';

/** All ports together, as an engine opens them. */
export interface Storage {
  topics: Topics;
  mentions: Mentions;
  refusals: Refusals;
  limits: Limits;
  visits: Visits;
  records: Records;
  /** Whether other processes may take pings and look at posts on this store too. */
  shared: boolean;
  /**
   * The clock that stored times come from, in epoch milliseconds: the process' own, or the one that all processes on
   * a shared store have. Whoever compares a stored time with now asks this one.
   */
  now: () => number;
  /** How long a call may wait for a store that is not found, in milliseconds: Infinity while it is there, 0 for not at all. */
  patienceMs: () => number;
  /** Resolves when the store answers; rejects when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What every engine needs to open. `now` gives epoch milliseconds. */
export interface OpenNeeds {
  now: () => number;
  random: Random;
  /** Topics a new store begins with; an existing one never gets them again. */
  starters: readonly NewTopic[];
  /**
   * The owner of the store, which on a data folder is one process alone: the hub; its worker, in a thread beside it; or
   * a command, for short transactions.
   */
  as: 'owner' | 'worker' | 'command';
  /** Open the store although a move into it was broken off, to go on with the move. */
  evenMoving?: boolean;
}

/** For tests on MongoDB: the time the database has, how long to wait for it to come up, and for a count of a limit. */
export interface MongodbOverrides {
  askTime?: () => Promise<number>;
  startingMs?: number;
  countMs?: number;
}

/** Why a store that was left half moved opens for nothing but the move. */
export const HALF_MOVED = 'A move of data into this store was broken off. Run the same move-data again.';

/** A store that runs, but failed or did not answer in time; nothing of what was asked may be taken for done. */
export class StoreAway extends Error {
  override name = 'StoreAway';
}

/** A store that cannot be opened, said in one sentence for the operator. */
export class StoreError extends Error {
  override name = 'StoreError';
  /** Whether a setting names what is no store at all. */
  readonly setting: boolean;

  constructor(message: string, { cause, setting = false }: { cause?: unknown; setting?: boolean } = {}) {
    super(message, { cause });
    this.setting = setting;
  }
}
