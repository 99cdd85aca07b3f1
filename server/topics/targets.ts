import type { LinkedTo } from '../mentions/mention.ts';
import { keyOf } from '../mentions/source-key.ts';
import type { Urls } from '../urls.ts';
import { readSlug, type Topic } from './topic.ts';

/** An address that counts as a link to a topic, as its key, and which of the topic's addresses it is. */
export interface TopicKey {
  key: string;
  to: LinkedTo;
}

/**
 * The addresses that count as a link to a topic, as keys: its page, its ping address and its feeds,
 * under its present slug and every former one. The hub's front page never does.
 */
export function targetKeys(urls: Urls, topic: Pick<Topic, 'slug' | 'formerSlugs'>): TopicKey[] {
  return [topic.slug, ...topic.formerSlugs].flatMap(slug => [
    { key: keyOf(new URL(urls.topic(slug))), to: 'page' as const },
    { key: keyOf(new URL(urls.trackback(slug))), to: 'ping-address' as const },
    { key: keyOf(new URL(urls.feed(slug, 'rss'))), to: 'feed' as const },
  ]);
}

/** The slug of the topic that a key is about, whatever of that topic it names; null for all other keys. */
export function slugIn(urls: Pick<Urls, 'topic'>, key: string): string | null {
  const front = keyOf(new URL(urls.topic('-'))).slice(0, -1);
  if (!key.toLowerCase().startsWith(front.toLowerCase())) return null;
  return readSlug(key.slice(front.length).split(/[./?]/, 1)[0] ?? '');
}
