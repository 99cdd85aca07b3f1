import { keyOf } from '../mentions/source-key.ts';
import type { Urls } from '../urls.ts';
import type { Topic } from './topic.ts';

/**
 * The addresses that count as a link to a topic, as keys: its page, its ping address and its feeds,
 * under its present slug and every former one. The hub's front page never does.
 */
export function targetKeys(urls: Urls, topic: Pick<Topic, 'slug' | 'formerSlugs'>): string[] {
  return [topic.slug, ...topic.formerSlugs]
    .flatMap(slug => [urls.topic(slug), urls.trackback(slug), urls.feed(slug, 'rss')])
    .map(address => keyOf(new URL(address)));
}
