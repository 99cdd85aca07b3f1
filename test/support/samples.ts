import type { Listed } from '../../server/mentions/mentions.ts';
import type { Topic } from '../../server/topics/topic.ts';

/** A topic with posts, as the store gives it; `over` says what matters to the test. */
export function aTopic(over: Partial<Topic> = {}): Topic {
  return {
    id: 't0p1c00001',
    slug: 'static-site-generators',
    formerSlugs: [],
    title: 'Static site generators',
    definition: 'Tools that turn a folder of text into a website.',
    version: 7,
    changedAt: Date.parse('2026-07-17T14:02:19Z'),
    openedAt: Date.parse('2024-03-02T08:00:00Z'),
    posts: 142,
    blogs: 61,
    months: { '2026-07': 12, '2024-03': 9, '2025-12': 121 },
    lastListedAt: Date.parse('2026-07-17T14:02:19Z'),
    ...over,
  };
}

/** A topic that nobody has written about. */
export function anEmptyTopic(over: Partial<Topic> = {}): Topic {
  return aTopic({ posts: 0, blogs: 0, months: {}, lastListedAt: null, ...over });
}

/** A listed post; its words can be changed one by one through `shown`. */
export function aListed(
  over: Partial<Omit<Listed, 'shown'>> & { shown?: Partial<Listed['shown']> } = {},
): Listed {
  return {
    id: 'm3nt10n001',
    url: 'https://plainpaper.example/2026/eleventy-weekend',
    listedKey: 'plainpaper.example/2026/eleventy-weekend',
    site: 'plainpaper.example',
    doors: ['trackback'],
    listedAt: Date.parse('2026-07-17T14:02:19Z'),
    author: null,
    published: null,
    ...over,
    shown: {
      title: 'Eleventy in a weekend',
      excerpt: 'Eight hundred posts, eleven years of categories nobody used.',
      blogName: 'Plain Paper',
      language: 'en',
      ...over.shown,
    },
  };
}
