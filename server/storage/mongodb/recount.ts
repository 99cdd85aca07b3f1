import type { TopicDoc } from './models.ts';
import type { Parts } from './parts.ts';
import { tryAgain } from './try-again.ts';

/** What of a topic a change may have touched: months such as `"2026-07"`, and the sites of blogs. */
interface Touched {
  months: ReadonlySet<string>;
  sites: ReadonlySet<string>;
}

/** What is listed of a month; `newest` is epoch milliseconds. */
interface Month {
  posts: number;
  newest: number;
}

/**
 * Counts the part of a topic again that changed, and writes its counters if the topic is still at the version read
 * before. Else another process counted meanwhile and may have missed what we saw, or we what it saw: once more.
 */
export function createRecount({ models, now }: Pick<Parts, 'models' | 'now'>) {
  const { topics, mentions, blogs } = models;

  return async function recount(topicId: string, { months, sites }: Touched): Promise<void> {
    for (;;) {
      const topic = await topics.findById(topicId).lean();
      if (!topic) return;
      const counted = new Map<string, Month | null>();
      for (const month of months) counted.set(month, await listedIn(topicId, month));
      if (sites.size > 0) await recountBlogs(topicId, [...sites]);
      const all = monthsWith(counted, topic.months);
      const written = await topics.updateOne(
        { _id: topicId, version: topic.version },
        {
          $set: {
            months: all,
            posts: Object.values(all).reduce((sum, posts) => sum + posts, 0),
            blogs: await blogs.countDocuments({ topicId }),
            lastListedAt: await lastListedAt(topic, all, counted),
            changedAt: now(),
          },
          $inc: { version: 1 },
        },
      );
      if (written.matchedCount === 1) return;
    }
  };

  /** Can be read from the index alone; null when nothing is listed of the month. */
  async function listedIn(topicId: string, month: string): Promise<Month | null> {
    const [listed] = await mentions.aggregate<Month>([
      { $match: { topicId, status: 'listed', listedAt: within(month) } },
      { $group: { _id: null, posts: { $sum: 1 }, newest: { $max: '$listedAt' } } },
    ]);
    return listed ?? null;
  }

  /** That of the latest month: as counted now, or as the topic knows it of a month that is not counted now. */
  async function lastListedAt(
    before: TopicDoc,
    months: TopicDoc['months'],
    counted: ReadonlyMap<string, Month | null>,
  ): Promise<number | null> {
    const latest = Object.keys(months).sort().at(-1);
    if (latest === undefined) return null;
    const listed = counted.get(latest);
    if (listed) return listed.newest;
    if (before.lastListedAt !== null && monthOf(before.lastListedAt) === latest) return before.lastListedAt;
    // Not of that month: another process may just have emptied it, and not counted it yet.
    const newest = await mentions
      .findOne({ topicId: before._id, status: 'listed' })
      .sort({ listedAt: -1 })
      .select('listedAt')
      .lean();
    return newest?.listedAt ?? null;
  }

  /** Writes only what changed: which blogs came, and which went. */
  async function recountBlogs(topicId: string, sites: readonly string[]): Promise<void> {
    const docs = await blogs
      .find({ topicId, site: { $in: sites } })
      .select('site')
      .lean();
    const known = new Set(docs.map(doc => doc.site));
    await Promise.all(
      sites.map(async site => {
        const isListed = (await mentions.exists({ topicId, status: 'listed', site })) !== null;
        if (isListed && !known.has(site)) await addBlog(topicId, site);
        if (!isListed && known.has(site)) await blogs.deleteOne({ topicId, site });
      }),
    );
  }

  /** Whom another process was faster than finds the blog there at the next try. */
  async function addBlog(topicId: string, site: string): Promise<void> {
    await tryAgain(() =>
      blogs.updateOne({ topicId, site }, { $setOnInsert: { topicId, site } }, { upsert: true }),
    );
  }
}

/** The months with what was counted now in place of what was known of them; those without a post are left out. */
function monthsWith(
  counted: ReadonlyMap<string, Month | null>,
  known: TopicDoc['months'],
): TopicDoc['months'] {
  const others = Object.entries(known).filter(([month]) => !counted.has(month));
  const recounted = [...counted].flatMap(([month, listed]) =>
    listed ? [[month, listed.posts] as const] : [],
  );
  return Object.fromEntries([...others, ...recounted]);
}

/** The month of a time in epoch milliseconds, such as `"2026-07"` (UTC). */
export const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

/** The times of a month such as `"2026-07"`, as a range. */
function within(month: string): { $gte: number; $lt: number } {
  const start = new Date(`${month}-01T00:00:00Z`);
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + 1);
  return { $gte: start.getTime(), $lt: end.getTime() };
}
