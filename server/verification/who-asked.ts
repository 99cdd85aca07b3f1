import { LRUCache } from 'lru-cache';

/** One sender who had us owe a look. */
export interface Asked {
  sender: string;
}

/**
 * For whose ping a look is made, so that the site can be told (`FETCH_NAME_SENDER`). In the memory of this process
 * alone and not for long, because senders' addresses are neither stored nor logged.
 */
export interface WhoAsked {
  /** A look at the source with this key is owed to this sender; null: nobody is to be named. */
  remember(key: string, sender: string | null): void;
  /** For a look that begins now; null when it is owed to the time, or nobody knows to whom. */
  of(key: string): Asked | null;
  /** The look is settled and its sender forgotten, unless somebody asked again meanwhile. */
  settled(key: string, asked: Asked | null): void;
}

const MOST_SENDERS = 10_000;
/** Longer than any queue, and no longer than until the first look that is owed to the time. */
const REMEMBERED_MS = 60 * 60 * 1000;

export function createWhoAsked({ now }: { now: () => number }): WhoAsked {
  const senders = new LRUCache<string, Asked>({
    max: MOST_SENDERS,
    ttl: REMEMBERED_MS,
    // Else what nobody asks for stays until there is no more room.
    ttlAutopurge: true,
    ttlResolution: 0,
    perf: { now },
  });
  return {
    remember(key, sender) {
      if (sender !== null) senders.set(key, { sender });
    },
    of: key => senders.get(key) ?? null,
    settled(key, asked) {
      if (asked !== null && senders.peek(key) === asked) senders.delete(key);
    },
  };
}
