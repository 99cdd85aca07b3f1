import { v5 } from 'uuid';
import type { Listed } from '../mentions/mentions.ts';
import type { Topic } from '../topics/topic.ts';
import type { FeedForm, Urls } from '../urls.ts';

/** How many entries a feed carries. */
export const FEED_LENGTH = 50;

/** A feed as data, for every form to render. Texts are plain; times are epoch milliseconds. */
export interface Feed {
  title: string;
  description: string;
  /** The page the feed belongs to, and the feed's own address. */
  page: string;
  self: string;
  updatedAt: number;
  items: FeedItem[];
}

export interface FeedItem {
  /** `urn:uuid:…`, the same for a post in every topic. */
  guid: string;
  url: string;
  title: string | null;
  excerpt: string | null;
  /** The blog's name, or its host where it has none. */
  blogName: string;
  topics: string[];
  listedAt: number;
}

/** The feed of one topic, from its newest entries. */
export function topicFeed(needs: {
  topic: Topic;
  entries: readonly Listed[];
  form: FeedForm;
  siteName: string;
  urls: Urls;
}): Feed {
  const { topic, entries, form, siteName, urls } = needs;
  return {
    title: `${topic.title} · ${siteName}`,
    description: topic.definition || `Blog posts about ${topic.title}`,
    page: urls.topic(topic.slug),
    self: urls.feed(topic.slug, form),
    updatedAt: topic.changedAt,
    items: entries.map(entry => ({
      guid: guidOf(entry.listedKey),
      url: entry.url,
      title: entry.shown.title,
      excerpt: entry.shown.excerpt,
      blogName: entry.shown.blogName ?? entry.site,
      topics: [topic.title],
      listedAt: entry.listedAt,
    })),
  };
}

/** The name-based UUID (RFC 9562, version 5, URL namespace) of a post's listed key. */
export function guidOf(listedKey: string): string {
  return `urn:uuid:${v5(listedKey, v5.URL)}`;
}
