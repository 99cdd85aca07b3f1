import type { Door, Mention } from '../mentions/mention.ts';
import type { RefusalCount } from '../mentions/refusals.ts';
import type { Topic } from '../topics/topic.ts';

/** A mention with what its port keeps to itself; leases are a process' own and are not carried along. */
export type MentionRecord = Mention & { shownDoors: Door[]; pings: number };

/** Everything a store holds, by collection, in the same form on every engine. */
export interface Collections {
  topics: Topic;
  mentions: MentionRecord;
  refusals: RefusalCount;
}

export type Collection = keyof Collections;

export const COLLECTIONS: readonly Collection[] = ['topics', 'mentions', 'refusals'];

/** Some records, and the cursor behind them; null when they were the last. */
export interface Piece<Name extends Collection> {
  records: Collections[Name][];
  next: string | null;
}

/**
 * Port: a store as plain records, to be carried to another store (`move.ts`). Contract in
 * `test/storage/records.contract.ts`.
 */
export interface Records {
  count(collection: Collection): Promise<number>;
  /**
   * At most `limit` records behind a cursor (null: the first ones), each exactly once over all pieces;
   * the order is the engine's own.
   */
  read<Name extends Collection>(collection: Name, after: string | null, limit: number): Promise<Piece<Name>>;
  /** Puts records in as they are, in place of those with the same identity, so that it may be repeated. */
  write<Name extends Collection>(collection: Name, records: readonly Collections[Name][]): Promise<void>;
  /**
   * Says that a move into this store is under way, from where, or (null) that it is done. Until then the
   * store opens for nothing else.
   */
  setMoving(from: string | null): Promise<void>;
  /** Where the move comes from that is under way. */
  moving(): Promise<string | null>;
}
