import { v5 } from 'uuid';
import type { Door } from '../mentions/mention.ts';
import type { LatestPost, Listed } from '../mentions/mentions.ts';
import { isOnWeb } from '../topics/entries.ts';
import type { Topic } from '../topics/topic.ts';
import type { FeedForm, Urls } from '../urls.ts';
import { date } from '../web/helpers.ts';
import type { Choice } from './choice.ts';

/** How many entries a feed carries. */
export const FEED_LENGTH = 50;

/** A feed as data, for every form to render. Texts are plain; times are epoch milliseconds. */
export interface Feed {
  /** `urn:uuid:…`, the same in every form, and under every address the feed ever has. */
  id: string;
  title: string;
  description: string;
  /** Who publishes it: this hub, by its name, and its front page. */
  publisher: { name: string; url: string };
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
  /** A BCP 47 tag, of title, excerpt and blog name. */
  language: string | null;
  /** The blog's name, or its host where it has none; and its front page. */
  blog: { name: string; url: string };
  topics: string[];
  listedAt: number;
  /** What the page says of itself, null where it says nothing; and the doors it came through. */
  post: { blog: string | null; author: string | null; published: number | null; doors: readonly Door[] };
}

/** What every feed of this hub is made with. */
interface FeedNeeds {
  form: FeedForm;
  siteName: string;
  urls: Urls;
}

/** The feed of one topic, from its newest entries. */
export function topicFeed(needs: FeedNeeds & { topic: Topic; entries: readonly Listed[] }): Feed {
  const { topic, entries, form, siteName, urls } = needs;
  return {
    id: uuid(`topic:${topic.id}`),
    title: `${topic.title} · ${siteName}`,
    description: topic.definition || `Blog posts about ${topic.title}`,
    publisher: { name: siteName, url: urls.home },
    page: urls.topic(topic.slug),
    self: urls.feed(topic.slug, form),
    updatedAt: topic.changedAt,
    items: entries.filter(isOnWeb).map(entry => item(entry, [topic.title])),
  };
}

/** The feed over several topics, from their newest posts, each of which is one item. */
export function hubFeed(needs: FeedNeeds & { choice: Choice; posts: readonly LatestPost[] }): Feed {
  const { choice, posts, form, siteName, urls } = needs;
  const titles = new Map(choice.topics.map(topic => [topic.id, topic.title]));
  const titlesOf = (ids: readonly string[]) => ids.map(id => titles.get(id)).filter(one => one !== undefined);
  return {
    id: uuid(urls.home + choice.lasting),
    title: `${choice.title} · ${siteName}`,
    description: 'Blog posts, filed by topic',
    publisher: { name: siteName, url: urls.home },
    page: urls.home,
    self: urls.hubFeed(form, choice.search),
    updatedAt: Math.max(0, ...choice.topics.map(topic => topic.changedAt)),
    items: posts.filter(isOnWeb).map(post => item(post, titlesOf(post.topicIds))),
  };
}

function item(entry: Listed, topics: string[]): FeedItem {
  const { url, site, shown, listedAt, author, published, doors } = entry;
  return {
    guid: guidOf(entry.listedKey),
    url,
    title: shown.title,
    excerpt: shown.excerpt,
    language: shown.language,
    blog: { name: shown.blogName ?? site, url: `${new URL(url).origin}/` },
    topics,
    listedAt,
    post: { blog: shown.blogName, author, published, doors },
  };
}

/** What a post without a title is called where a form asks for one. */
export function titleFor({ blog, listedAt }: FeedItem): string {
  return `${blog.name}, ${date(listedAt)}`;
}

/** The name-based UUID (RFC 9562, version 5, URL namespace) of a post's listed key. */
export function guidOf(listedKey: string): string {
  return uuid(listedKey);
}

const uuid = (name: string) => `urn:uuid:${v5(name, v5.URL)}`;
