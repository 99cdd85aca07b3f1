import type { Mentions } from '../../mentions/mentions.ts';
import { type LatestQueries, latestPosts } from '../latest.ts';
import { LISTED_FIELDS, toListed } from './docs.ts';
import type { Parts } from './parts.ts';

/** `Mentions.latest` in MongoDB. */
export function createLatest({ models }: Pick<Parts, 'models'>): Mentions['latest'] {
  const { mentions, topics } = models;

  const queries: LatestQueries = {
    async busiest(topicIds) {
      const docs = await topics
        .find({ _id: { $in: [...topicIds] }, lastListedAt: { $ne: null } })
        .sort({ lastListedAt: -1 })
        .select('lastListedAt')
        .lean();
      return docs.map(doc => ({ id: doc._id, lastListedAt: doc.lastListedAt as number }));
    },
    async newest(topicId, limit) {
      const docs = await mentions
        .find({ topicId, status: 'listed' })
        .sort({ listedAt: -1, _id: -1 })
        .limit(limit)
        .select('listedAt listedKey')
        .lean();
      return docs.map(doc => ({
        id: doc._id,
        listedAt: doc.listedAt as number,
        listedKey: doc.listedKey as string,
      }));
    },
    async listings(keys, topicIds) {
      const docs = await mentions
        .find({ status: 'listed', listedKey: { $in: [...keys] }, topicId: { $in: [...topicIds] } })
        .select(`${LISTED_FIELDS} topicId`)
        .lean();
      return docs.map(doc => ({ ...toListed(doc), topicId: doc.topicId }));
    },
  };
  return (topicIds, limit) => latestPosts(queries, topicIds, limit);
}
