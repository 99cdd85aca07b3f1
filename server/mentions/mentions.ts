import type { Door, Mention, Met, PageFacts, Refusal, Shown, Sight, Status, Words } from './mention.ts';

/** A ping that passed every check at the door, ready to be remembered. */
export interface TakenPing {
  topicId: string;
  key: string;
  sourceUrl: string;
  site: string;
  /** Whose visits a look counts as (`domain.ts`). */
  domain: string;
  via: Door;
  claim: Words;
  /** The ping word for word. */
  said: string;
}

/** One post in one topic whose look is owed, as the worker gets it. */
export interface ClaimedMention
  extends Pick<
    Mention,
    | 'id'
    | 'topicId'
    | 'key'
    | 'sourceUrl'
    | 'status'
    | 'claim'
    | 'page'
    | 'shown'
    | 'evidence'
    | 'tries'
    | 'attempts'
    | 'failing'
    | 'listedKey'
  > {
  /** How long ago the latest ping was, in milliseconds by the engine's clock. */
  sincePing: number;
  /** How long ago the latest look was settled, likewise; null before the first. */
  sinceLook: number | null;
  /** How often a look was asked for, by pings and the operator, when it was claimed; so that no later one is lost. */
  pings: number;
}

/** All due mentions of one source, held under one token until the lease ends. */
export interface Claim {
  token: string;
  key: string;
  mentions: ClaimedMention[];
  /** How long the site still asks for a pause, in whatever topic it was met, in milliseconds; 0 for not at all. */
  restMs: number;
}

/** What a look changed. Absent fields stay as they are; `dueIn` is in milliseconds, null for never. */
export interface Settlement {
  status: Status;
  dueIn: number | null;
  tries: number;
  failing: Mention['failing'];
  /** How long no ping starts a look, and how long nobody does, in milliseconds; absent for not at all. */
  rest?: { pingsMs: number; allMs: number };
  /** Absent where nobody looked. */
  sight?: Sight;
  finalUrl?: string;
  /** The key of `finalUrl`; taken over only at the first listing. */
  finalKey?: string;
  site?: string;
  page?: PageFacts;
  shown?: Shown;
  /** Absent where no look ended. The engine adds when it was settled. */
  evidence?: Met;
}

/** What is claimed, and for how long. */
export interface Lease {
  forMs: number;
  limit: number;
  /** The domains at which nobody may look now. */
  passOver?: readonly string[];
  /** At most so many sources of one domain; those without one are not counted. */
  ofDomain?: number;
}

/** A listed post, as pages and feeds need it. */
export interface Listed {
  id: string;
  url: string;
  listedKey: string;
  site: string;
  shown: Shown;
  doors: Door[];
  listedAt: number;
  author: string | null;
  published: number | null;
}

/** A post as feeds over several topics need it: once, with those of the topics it is listed in. */
export interface LatestPost extends Listed {
  topicIds: string[];
}

/** A place in a topic's list: entries strictly older than this one come next. */
export interface Place {
  listedAt: number;
  id: string;
}

/** How many mentions of one post are shown; more topics than that are pinged by nobody's hand. */
export const MOST_OF_POST = 100;

/** Topics of one post are pinged, and settled, one after the other; their later looks wait this long for each other. */
export const ALONG_MS = 30_000;

/**
 * Port: what the hub remembers of posts. Contract (tested on every engine by
 * `test/storage/mentions.contract.ts`):
 * - when a method resolves, its effect is on disk;
 * - what it changes of one mention is atomic; counters and versions of topics, and other mentions, follow,
 *   and are put right by whoever comes next when a process dies in between;
 * - when it rejects, what it asked for may be asked for again;
 * - durations go in, never times: the engine's own clock counts.
 */
export interface Mentions {
  /**
   * Remembers a ping: a new mention, or one more ping of the one that is there, due at once; while that one rests
   * from a failure, due when it was anyway, or when the rest is over.
   * Status and shown text do not change. `'removed'`: the operator took this post down for good.
   */
  take(ping: TakenPing): Promise<Mention | Extract<Refusal, 'removed'>>;
  /**
   * The longest-owed sources that are not passed over, at most `limit`, each with all its due mentions under one new
   * token: however many looks one domain is owed, it holds up nobody else's. What is listed or withdrawn under the same
   * key and due within `ALONG_MS` is taken along, so that all topics of a post have one look.
   */
  claimDue(lease: Lease): Promise<Claim[]>;
  /**
   * Writes what a look found, its history and its next due time, and keeps the topic's counters and version
   * true. `stale`: the token is no longer the holder's, nothing changed. A ping that came meanwhile
   * keeps the mention due at once; if it rests now, due as a ping would that comes now. If another mention of the
   * topic is listed under the same `finalKey`, or was removed, this one becomes `merged` into it; if that one lost its
   * listing, this one takes its place. When a listing is lost, the looks at what was merged into it are owed at once.
   * `visible` says whether the topic's public list changed.
   */
  settle(
    token: string,
    mention: ClaimedMention,
    settlement: Settlement,
  ): Promise<{ result: 'settled' | 'merged' | 'stale'; visible: boolean }>;
  /** Gives a claim back unsettled; its mentions are due again after `dueInMs`, the attempt stays counted. */
  release(token: string, dueInMs: number): Promise<void>;
  /** Gives a claim back of which nothing was tried: as `release`, but the attempt does not count. */
  putOff(token: string, dueInMs: number): Promise<void>;
  /** Milliseconds until the next look is owed (0 when one is) that is not passed over, or null when none is. */
  nextDueIn(passOver?: readonly string[]): Promise<number | null>;
  /** How many mentions are due now. */
  countDue(): Promise<number>;
  /** The topic's public list, newest listing first, strictly older than `before`. */
  listed(topicId: string, limit: number, before?: Place | undefined): Promise<Listed[]>;
  /**
   * The posts with the newest listings in any of these topics. A post that is listed in several is there once, with
   * the newest listing's words, the doors of all and the time of the first, by which they come, newest first.
   */
  latest(topicIds: readonly string[], limit: number): Promise<LatestPost[]>;
  find(topicId: string, key: string): Promise<Mention | null>;
  byId(id: string): Promise<Mention | null>;
  /**
   * Every mention of a post in any topic: those with this key, those listed under it, and what these were merged
   * into; newest ping first, at most `MOST_OF_POST`.
   */
  ofPost(key: string): Promise<Mention[]>;
  /** Everything stored in a topic, newest ping first, for the operator's shell. */
  all(topicId: string, limit: number): Promise<Mention[]>;
  /**
   * Owes a look now, as a ping would, but without one. `key` as for `remove`. `despiteRest`: what the site asked for
   * is forgotten in every topic, for it would keep the look back; when the others owe theirs stays as it is.
   */
  lookAgain(topicId: string, key: string, despiteRest?: boolean): Promise<boolean>;
  /**
   * Takes a post down for good, under any address it was pinged or is listed with; further pings of these are
   * refused. False when there is no such mention.
   */
  remove(topicId: string, key: string): Promise<boolean>;
  /**
   * Deletes, in pieces, the posts that were never listed, owe no look and have not changed for this many days; of
   * those that stay (merged, withdrawn, removed) the history as old as that goes. Returns how many records
   * were deleted or cut.
   */
  purge(olderThanDays: number): Promise<number>;
}
