import type { Refusal } from './mention.ts';

/** A ping that was turned away but named an address; `topicId` is null when the topic is unknown. */
export interface RefusedPing {
  key: string;
  topicId: string | null;
  reason: Refusal;
}

/** What is remembered of equal refusals of one day (UTC, `"2026-07-17"`). `last` is epoch milliseconds. */
export interface RefusalCount extends RefusedPing {
  day: string;
  count: number;
  last: number;
}

/** How many refusals of one address are shown; more are made by nobody's hand. */
export const MOST_OF_KEY = 100;

/**
 * Port: pings turned away, counted per address, topic, reason and day, so that an author can find
 * out why and a flood costs one record. Contract in `test/storage/refusals.contract.ts`.
 */
export interface Refusals {
  note(refused: RefusedPing): Promise<void>;
  /** The refusals of one address, latest first, at most `MOST_OF_KEY`. */
  ofKey(key: string): Promise<RefusalCount[]>;
  /** Deletes what is older than this many days, in pieces. */
  purge(olderThanDays: number): Promise<number>;
}
