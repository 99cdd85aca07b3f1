import type { Mentions, Place } from '../../mentions/mentions.ts';
import { type LatestQueries, latestPosts } from '../latest.ts';
import type { Parts } from './parts.ts';
import { LISTED_COLUMNS, toListed } from './rows.ts';

/** The place before the newest entry of any list. */
const NEWEST: Place = { listedAt: Number.MAX_SAFE_INTEGER, id: '' };

/** `Mentions.latest` in SQLite. */
export function createLatest({ db }: Pick<Parts, 'db'>): Mentions['latest'] {
  const busiest = db.prepare(
    `SELECT id, last_listed_at FROM topics WHERE id IN (SELECT value FROM json_each(?))
       AND last_listed_at IS NOT NULL ORDER BY last_listed_at DESC`,
  );
  const older = db.prepare(
    `SELECT id, listed_at, listed_key FROM mentions WHERE topic = ? AND status = 'listed'
       AND (listed_at, id) < (?, ?) ORDER BY listed_at DESC, id DESC LIMIT ?`,
  );
  // The plus: one probe for each post, however many topics there are.
  const listings = db.prepare(
    `SELECT topic, ${LISTED_COLUMNS} FROM mentions INDEXED BY mentions_listed_post
     WHERE status = 'listed' AND listed_key IN (SELECT value FROM json_each(?))
       AND +topic IN (SELECT value FROM json_each(?))`,
  );

  const queries: LatestQueries = {
    busiest: async topicIds =>
      busiest
        .all(JSON.stringify(topicIds))
        .map(row => ({ id: String(row['id']), lastListedAt: Number(row['last_listed_at']) })),
    older: async (topicId, limit, before = NEWEST) =>
      older.all(topicId, before.listedAt, before.id, limit).map(row => ({
        id: String(row['id']),
        listedAt: Number(row['listed_at']),
        listedKey: String(row['listed_key']),
      })),
    listings: async (topicIds, keys) =>
      listings
        .all(JSON.stringify(keys), JSON.stringify(topicIds))
        .map(row => ({ ...toListed(row), topicId: String(row['topic']) })),
  };
  return (topicIds, limit) => latestPosts(queries, topicIds, limit);
}
