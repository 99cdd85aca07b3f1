import type { Mentions } from '../mentions/mentions.ts';
import type { Refusals } from '../mentions/refusals.ts';
import type { NewTopic, Topics } from '../topics/topics.ts';
import type { Random } from './new-id.ts';

/** All ports together, as an engine opens them. */
export interface Storage {
  topics: Topics;
  mentions: Mentions;
  refusals: Refusals;
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
  /** True for the hub, of which there is one per data folder; false for commands beside it. */
  owner: boolean;
}

/** A store that cannot be opened, said in one sentence for the operator. */
export class StoreError extends Error {
  override name = 'StoreError';
}
