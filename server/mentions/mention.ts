/**
 * The vocabulary of the centre: what a post in a topic is, what can become of it, and why a ping
 * may be turned away. Every room may use these words; this file knows no room.
 */

/** The protocol a ping came through. */
export type Door = 'trackback' | 'pingback' | 'webmention' | 'form';

/** The states of a mention; who may go where is the table in `verification/outcomes.ts`. */
export type Status =
  | 'pending'
  | 'listed'
  | 'held'
  | 'junk'
  | 'unlinked'
  | 'unreachable'
  | 'merged'
  | 'withdrawn'
  | 'removed';

/** The closed list of reasons to turn a ping away. Each protocol has its own words for every one of them. */
export type Refusal =
  | 'no-address'
  | 'bad-address'
  | 'not-public'
  | 'too-long'
  | 'own-address'
  | 'not-post'
  | 'unknown-topic'
  | 'too-large'
  | 'unreadable'
  | 'blocked'
  | 'removed'
  | 'too-many'
  | 'busy'
  | 'store-away'
  | 'private';

/** Plain text about a post, already cleaned and cut (`text/clean.ts`); null where nothing was said. */
export interface Words {
  title: string | null;
  excerpt: string | null;
  blogName: string | null;
}

/** What the public sees of a post. `language` is a BCP 47 tag. */
export interface Shown extends Words {
  language: string | null;
}

/** What the last look read on the page itself. `at` and `published` are epoch milliseconds. */
export interface PageFacts extends Shown {
  at: number;
  author: string | null;
  published: number | null;
}

/** One door a post came through, with its first and its latest ping (epoch milliseconds). */
export interface DoorUse {
  via: Door;
  at: number;
  last: number;
}

/** Why a page could not be read. Closed, so that receipts and metrics can name each one. */
export type Trouble =
  | 'dns'
  | 'not-public'
  | 'connect'
  | 'tls'
  | 'timeout'
  | 'status'
  | 'redirects'
  | 'broken-answer'
  | 'broke-reader'
  /** Look after look never ended, because the processes that did them died. */
  | 'interrupted';

/**
 * What a look saw, as the history keeps it; `moved`: another address that led to a post leads elsewhere now.
 * `status` is the HTTP status where there was one.
 */
export type Sight = { saw: 'linked' | 'no-link' | 'moved' | 'gone' | 'not-html' | Trouble; status?: number };

/** Which of a topic's addresses a link names. */
export type LinkedTo = 'page' | 'ping-address' | 'feed' | 'receipt';

/**
 * A link on the page, as its author wrote it but resolved (at most 2,048 characters of it), and the words it stands
 * in (cleaned, at most an excerpt's length).
 */
export interface PageQuote {
  address: string;
  sentence: string | null;
}

/**
 * How near a page without the link came, the first that fits: `differs`, an address of this hub that is
 * nearly the topic's; `other-topic`, another topic's address; `front-page`, the hub's own; `not-a-link`, the
 * address as bare text; `hidden`, a link no reader sees (in a comment, a script, a template); `elsewhere`,
 * links, but none to this hub; `no-links`, none in the HTML.
 */
export type NearMiss =
  | ({ kind: 'differs' | 'front-page' | 'not-a-link' | 'hidden' } & PageQuote)
  | ({ kind: 'other-topic'; topicId: string } & PageQuote)
  | { kind: 'elsewhere' | 'no-links' };

/** What a look met, so that a receipt can prove what it says. */
export interface Met {
  saw: Sight['saw'];
  /** The address that answered, after redirects. */
  finalUrl: string;
  redirects: number;
  /** From the first connection until the last page was read, redirects included, in milliseconds. */
  tookMs: number;
  status: number | null;
  /** Decoded bytes of the page; null when none was read. */
  bytes: number | null;
  /** Links for readers on the page. */
  links: number | null;
  /** The link that counted, and which of the topic's addresses it names. */
  link: (PageQuote & { to: LinkedTo }) | null;
  miss: NearMiss | null;
}

/** What the latest look met, and when it was settled, by the engine's clock. */
export interface Evidence extends Met {
  at: number;
}

/** One line of a mention's history. Equal neighbours are merged: `count` of them, the latest at `last`. */
export type HistoryEvent = { at: number; last?: number; count?: number } & (
  | { kind: 'pinged'; via: Door }
  | ({ kind: 'looked' } & Sight)
  | { kind: 'became'; status: Status }
);

/** The stored record of one post in one topic. All times are epoch milliseconds. */
export interface Mention {
  id: string;
  topicId: string;
  key: string;
  sourceUrl: string;
  finalUrl: string | null;
  listedKey: string | null;
  mergedInto: string | null;
  site: string;
  status: Status;
  doors: DoorUse[];
  claim: Words;
  /** The latest ping word for word (`as-sent.ts`); null for one that came before it was kept. */
  said: string | null;
  page: PageFacts | null;
  shown: Shown | null;
  /** Null until the first look was settled. */
  evidence: Evidence | null;
  firstPingAt: number;
  lastPingAt: number;
  listedAt: number | null;
  /** When the worker owes the next look; null when it owes none. */
  due: number | null;
  /** The place on the ladder of `verification/outcomes.ts`. */
  tries: number;
  /** Claims that were never settled. */
  attempts: number;
  /** Failures in a row while listed. */
  failing: { times: number; since: number } | null;
  /** After a failure: until when no ping starts a look, and until when nobody does, because the site asked for it. */
  rest: { pingsUntil: number; allUntil: number } | null;
  history: HistoryEvent[];
}
