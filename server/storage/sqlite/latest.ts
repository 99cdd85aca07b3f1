import type { Mentions } from '../../mentions/mentions.ts';
import { type LatestQueries, latestPosts } from '../latest.ts';
import type { Parts } from './parts.ts';
import { LISTED_COLUMNS, toListed } from './rows.ts';

/** `Mentions.latest` in SQLite. */
export function createLatest({ db }: Pick<Parts, 'db'>): Mentions['latest'] {
  const busiest = db.prepare(
    `SELECT id, last_listed_at FROM topics WHERE id IN (SELECT value FROM json_each(?))
       AND last_listed_at IS NOT NULL ORDER BY last_listed_at DESC`,
  );
  const newest = db.prepare(
    `SELECT id, listed_at, listed_key FROM mentions WHERE topic = ? AND status = 'listed'
     ORDER BY listed_at DESC, id DESC LIMIT ?`,
  );
  const listings = db.prepare(
    `SELECT topic, ${LISTED_COLUMNS} FROM mentions
     WHERE status = 'listed' AND listed_key IN (SELECT value FROM json_each(?))
       AND topic IN (SELECT value FROM json_each(?))`,
  );

  const queries: LatestQueries = {
    busiest: async topicIds =>
      busiest
        .all(JSON.stringify(topicIds))
        .map(row => ({ id: String(row['id']), lastListedAt: Number(row['last_listed_at']) })),
    newest: async (topicId, limit) =>
      newest.all(topicId, limit).map(row => ({
        id: String(row['id']),
        listedAt: Number(row['listed_at']),
        listedKey: String(row['listed_key']),
      })),
    listings: async (keys, topicIds) =>
      listings
        .all(JSON.stringify(keys), JSON.stringify(topicIds))
        .map(row => ({ ...toListed(row), topicId: String(row['topic']) })),
  };
  return (topicIds, limit) => latestPosts(queries, topicIds, limit);
}
