import { readSlug, type Topic } from '../topics/topic.ts';

/** A topic to choose. */
export interface TopicOption {
  slug: string;
  title: string;
  chosen: boolean;
}

/** The topic that a slug names, its former ones and other letter cases included. */
export function topicNamed(slug: string, topics: readonly Topic[]): Topic | null {
  const read = readSlug(slug);
  if (read === null) return null;
  return topics.find(topic => topic.slug === read || topic.formerSlugs.includes(read)) ?? null;
}

/**
 * All topics, by title as the store has them, to choose one. Null topics: the store is away, so there is only what
 * was chosen before, by its slug.
 */
export function topicOptions(topics: readonly Topic[] | null, chosen: string): TopicOption[] {
  if (topics === null) {
    const slug = readSlug(chosen);
    return slug === null ? [] : [{ slug, title: slug, chosen: true }];
  }
  const named = topicNamed(chosen, topics);
  return topics.map(topic => ({ slug: topic.slug, title: topic.title, chosen: topic === named }));
}
