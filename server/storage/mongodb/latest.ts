import type { Mentions, Place } from '../../mentions/mentions.ts';
import { type LatestQueries, latestPosts, newestFirst } from '../latest.ts';
import { LISTED_FIELDS, toListed } from './docs.ts';
import type { Parts } from './parts.ts';

/** As many topics as one query may merge from the index without sorting; MongoDB itself gives up at 200 ranges. */
const TOPICS_AT_ONCE = 50;

/** `Mentions.latest` in MongoDB. */
export function createLatest({ models }: Pick<Parts, 'models'>): Mentions['latest'] {
  const { mentions } = models;

  const queries: LatestQueries = {
    async newest(topicIds, limit, before) {
      const pieces = await Promise.all(inPieces(topicIds).map(ids => newestOf(ids, limit, before)));
      return pieces.flat().sort(newestFirst).slice(0, limit);
    },
    async listings(topicIds, keys) {
      const docs = await mentions
        .find({ status: 'listed', listedKey: { $in: [...keys] }, topicId: { $in: [...topicIds] } })
        .select(`${LISTED_FIELDS} topicId`)
        .hint('mentions_listed_post')
        .lean();
      return docs.map(doc => ({ ...toListed(doc), topicId: doc.topicId }));
    },
  };

  async function newestOf(topicIds: readonly string[], limit: number, before: Place | undefined) {
    const older = before && {
      listedAt: { $lte: before.listedAt },
      $or: [{ listedAt: { $lt: before.listedAt } }, { _id: { $lt: before.id } }],
    };
    const docs = await mentions
      .find({ topicId: { $in: [...topicIds] }, status: 'listed', ...older })
      .sort({ listedAt: -1, _id: -1 })
      .limit(limit)
      .select('listedAt listedKey')
      .hint('mentions_listed')
      .lean();
    return docs.map(doc => ({
      id: doc._id,
      listedAt: doc.listedAt as number,
      listedKey: doc.listedKey as string,
    }));
  }

  return (topicIds, limit) => latestPosts(queries, topicIds, limit);
}

function inPieces(topicIds: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(topicIds.length / TOPICS_AT_ONCE) }, (_, piece) =>
    topicIds.slice(piece * TOPICS_AT_ONCE, (piece + 1) * TOPICS_AT_ONCE),
  );
}
