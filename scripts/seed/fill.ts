import type { Storage } from '../../server/storage/storage.ts';
import type { Topic } from '../../server/topics/topic.ts';
import { blogsAmong, madeUpPost } from './posts.ts';

/** Small enough that pings of a hub on the same store wait for none of it. */
const PIECE = 500;

/**
 * Fills an empty topic with made-up listed posts, in pieces, and sets its counters at the end. For stores
 * that are measured or looked at, never for real ones. Throws when the topic is not empty.
 */
export async function fillTopic(
  { records, topics }: Pick<Storage, 'records' | 'topics'>,
  slug: string,
  entries: number,
  told: (done: number) => void = () => {},
): Promise<void> {
  const topic = await topics.bySlug(slug);
  if (!topic) throw new Error(`There is no topic ${slug}.`);
  if (topic.posts > 0) throw new Error(`The topic ${slug} has posts already.`);
  const now = Date.now();
  const months: Record<string, number> = {};
  for (let first = 0; first < entries; first += PIECE) {
    const piece = Array.from({ length: Math.min(PIECE, entries - first) }, (_, index) =>
      madeUpPost(topic.id, first + index, { of: entries, now }),
    );
    await records.write('mentions', piece);
    for (const { listedAt } of piece) {
      const month = new Date(Number(listedAt)).toISOString().slice(0, 7);
      months[month] = (months[month] ?? 0) + 1;
    }
    told(first + piece.length);
  }
  await records.write('topics', [counted(topic, { entries, months, now })]);
}

function counted(
  topic: Topic,
  { entries, months, now }: { entries: number; months: Record<string, number>; now: number },
): Topic {
  return {
    ...topic,
    posts: entries,
    blogs: blogsAmong(entries, entries),
    months,
    lastListedAt: now,
    changedAt: now,
    version: topic.version + 1,
  };
}
