import { type Connection, type Model, Schema, type SchemaDefinition } from 'mongoose';
import type { Mention } from '../../mentions/mention.ts';
import type { RefusalCount } from '../../mentions/refusals.ts';
import type { Topic } from '../../topics/topic.ts';
import type { HostLog } from '../../verification/politeness.ts';
import type { Host } from '../../verification/visits.ts';

/** A topic as it is stored: all slugs it has or had are in `slugs`, so that one index keeps each unique. */
export interface TopicDoc extends Omit<Topic, 'id' | 'formerSlugs'> {
  _id: string;
  slugs: string[];
}

/** What a change of the public list still owes to the topic's counters; see `counting.ts`. */
export interface Uncounted {
  token: string;
  sites: string[];
  months: string[];
  /** The listed mention that is to show this one's doors. */
  into: string | null;
}

/** A mention as it is stored. A lease that nobody holds has `leaseUntil` 0, so that one range finds it. */
export interface MentionDoc extends Omit<Mention, 'id' | 'listedKey'> {
  _id: string;
  listedKey?: string;
  shownDoors: string[];
  pings: number;
  /** Absent from mentions of an older hub until their next ping, and empty as there. */
  domain?: string;
  leaseToken: string | null;
  leaseUntil: number;
  uncounted?: Uncounted;
}

/** One blog with at least one listed post in a topic, so that a topic's blogs can be counted by an index. */
export interface BlogDoc {
  topicId: string;
  site: string;
}

/** What is known of the store itself: written when it was made. */
export interface MetaDoc {
  _id: string;
  version?: number;
  /** Where a move into this store comes from that is not done. */
  from?: string;
  /** The key that senders are hashed with on one day (UTC); see `daily-key.ts`. */
  day?: string;
  key?: string;
}

/** One window of a limit, in the form of rate-limiter-flexible. */
export interface LimitDoc {
  key: string;
  points: number;
  expire: Date;
}

/** What is remembered of the visits to one host, with what finds it and forgets it. */
export interface VisitDoc extends HostLog {
  _id: string;
  kind: Host['kind'];
  name: string;
  /** When it may be visited again, as it looked at the last change. */
  freeAt: number;
  /** Raised by each change, so that none is lost to another process. */
  changes: number;
  /** By the server's own clock, as what deletes it goes by that. */
  changedAt: Date;
}

export interface Models {
  topics: Model<TopicDoc>;
  mentions: Model<MentionDoc>;
  refusals: Model<RefusalCount>;
  blogs: Model<BlogDoc>;
  limits: Model<LimitDoc>;
  visits: Model<VisitDoc>;
  meta: Model<MetaDoc>;
}

/** What may be forgotten one day: it owes no look, and has a history. */
export const FORGETTABLE = { due: null, 'history.0': { $exists: true } } as const;

const text = { type: String, required: true };
const maybeText = { type: String, default: null };
const count = { type: Number, required: true };
const maybeCount = { type: Number, default: null };
const anything = { type: Schema.Types.Mixed, default: null };

/**
 * The collections and which index serves which query. A field that is not named here makes a query or an
 * update throw: a filter that silently lost its condition would match everything.
 */
export function createModels(connection: Connection): Models {
  const schema = <Doc>(fields: SchemaDefinition, ownId = true) =>
    new Schema<Doc>({ ...(ownId ? { _id: text } : {}), ...fields } as never, {
      strict: 'throw',
      strictQuery: 'throw',
      versionKey: false,
      minimize: false,
      autoIndex: false,
      autoCreate: false,
    });

  const topics = schema<TopicDoc>({
    slug: text,
    slugs: [String],
    title: text,
    definition: { type: String, default: '' },
    version: count,
    changedAt: count,
    openedAt: count,
    posts: count,
    blogs: count,
    months: { type: Schema.Types.Mixed, required: true },
    lastListedAt: maybeCount,
  });
  // bySlug; and no slug is given twice.
  topics.index({ slugs: 1 }, { unique: true, name: 'topics_slugs' });

  const mentions = schema<MentionDoc>({
    topicId: text,
    key: text,
    sourceUrl: text,
    finalUrl: maybeText,
    listedKey: String,
    mergedInto: maybeText,
    site: text,
    status: text,
    doors: [Schema.Types.Mixed],
    shownDoors: [String],
    claim: anything,
    said: maybeText,
    page: anything,
    shown: anything,
    evidence: anything,
    pings: count,
    domain: { type: String, default: '' },
    firstPingAt: count,
    lastPingAt: count,
    listedAt: maybeCount,
    due: maybeCount,
    tries: count,
    attempts: count,
    failing: anything,
    rest: anything,
    leaseToken: maybeText,
    leaseUntil: count,
    uncounted: Schema.Types.Mixed,
    history: [Schema.Types.Mixed],
  });
  // take, find: one mention per post and topic.
  mentions.index({ topicId: 1, key: 1 }, { unique: true, name: 'mentions_post' });
  // settle: one listing per final address and topic.
  mentions.index(
    { topicId: 1, listedKey: 1 },
    {
      unique: true,
      name: 'mentions_listed_key',
      partialFilterExpression: { listedKey: { $type: 'string' } },
    },
  );
  // claimDue: the owed looks in their order; then all of a source. release, putOff: what a token holds.
  mentions.index({ due: 1, leaseUntil: 1, domain: 1, key: 1 }, { name: 'mentions_owed' });
  mentions.index({ key: 1, due: 1 }, { name: 'mentions_source' });
  mentions.index({ leaseToken: 1 }, { name: 'mentions_lease', sparse: true });
  // What was merged into a listing.
  mentions.index({ mergedInto: 1 }, { name: 'mentions_merged' });
  // listed, latest (topic by topic), and the recount of a month.
  mentions.index({ topicId: 1, status: 1, listedAt: -1, _id: -1 }, { name: 'mentions_listed' });
  // The recount of a blog.
  mentions.index({ topicId: 1, status: 1, site: 1 }, { name: 'mentions_blog' });
  // ofPost, latest: what is listed under an address, in any topic.
  mentions.index({ listedKey: 1 }, { name: 'mentions_listed_as', sparse: true });
  // purge: what nobody waits for, by its last ping; once its history is empty, it is never asked for again.
  mentions.index(
    { lastPingAt: 1 },
    { name: 'mentions_forgettable', partialFilterExpression: { ...FORGETTABLE } },
  );
  // all, for the operator's shell.
  mentions.index({ topicId: 1, lastPingAt: -1 }, { name: 'mentions_by_ping' });
  // What a process left uncounted; nearly always empty.
  mentions.index({ 'uncounted.token': 1 }, { name: 'mentions_uncounted', sparse: true });

  const refusals = schema<RefusalCount>(
    { key: text, topicId: maybeText, reason: text, day: text, count, last: count },
    false,
  );
  // note, ofKey.
  refusals.index({ key: 1, topicId: 1, reason: 1, day: 1 }, { unique: true, name: 'refusals_day_of_key' });
  // purge.
  refusals.index({ day: 1 }, { name: 'refusals_day' });

  const blogs = schema<BlogDoc>({ topicId: text, site: text }, false);
  blogs.index({ topicId: 1, site: 1 }, { unique: true, name: 'blogs_site' });

  const limits = schema<LimitDoc>({ key: text, points: count, expire: Date }, false);
  // The count of a key, which stays one however many processes begin it.
  limits.index({ key: 1 }, { unique: true, name: 'limits_key' });
  // The server itself deletes windows that are over.
  limits.index({ expire: 1 }, { expireAfterSeconds: 0, name: 'limits_expire' });

  const visits = schema<VisitDoc>({
    kind: text,
    name: text,
    starts: [Number],
    held: [Schema.Types.Mixed],
    promised: count,
    room: Number,
    freeAt: count,
    changes: count,
    changedAt: Date,
  });
  // fullSites.
  visits.index({ kind: 1, freeAt: 1 }, { name: 'visits_full' });
  // The server itself deletes hosts that nobody was at lately.
  visits.index({ changedAt: 1 }, { expireAfterSeconds: 3_600, name: 'visits_expire' });

  /** Mongoose would infer documents with virtuals; every query here is lean, so the stored form is the type. */
  const define = <Doc>(name: string, as: Schema<Doc>, collection: string) =>
    connection.model(name, as as Schema, collection) as unknown as Model<Doc>;
  return {
    topics: define('Topic', topics, 'topics'),
    mentions: define('Mention', mentions, 'mentions'),
    refusals: define('Refusal', refusals, 'refusals'),
    blogs: define('Blog', blogs, 'blogs'),
    limits: define('Limit', limits, 'limits'),
    visits: define('Visit', visits, 'visits'),
    meta: define(
      'Meta',
      schema<MetaDoc>({ version: Number, from: String, day: String, key: String }),
      'meta',
    ),
  };
}
