import { LRUCache } from 'lru-cache';
import type { Topic } from './topic.ts';
import type { Topics } from './topics.ts';

/** As long as a finished page is taken for fresh (`web/page-cache.ts`). */
const REMEMBERED_MS = 1_000;
const MOST_SLUGS = 1_000;

/**
 * The topics by slug as a door needs them: asked of the store once a second instead of for each ping,
 * since the question costs as much as writing the ping down. Only what is there is remembered, so that
 * a topic that was just added is known at once.
 */
export function rememberSlugs(topics: Pick<Topics, 'bySlug'>, now: () => number): Pick<Topics, 'bySlug'> {
  const known = new LRUCache<string, { topic: Topic; askedAt: number }>({ max: MOST_SLUGS });
  return {
    async bySlug(slug) {
      const askedAt = now();
      const hit = known.get(slug);
      // An answer from the future was given before the clock was set back.
      if (hit && askedAt >= hit.askedAt && askedAt - hit.askedAt < REMEMBERED_MS) return hit.topic;
      const topic = await topics.bySlug(slug);
      if (topic) known.set(slug, { topic, askedAt });
      else known.delete(slug);
      return topic;
    },
  };
}
