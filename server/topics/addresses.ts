import type { Urls } from '../urls.ts';

/** An address in the pieces it is shown in: it may break before the slug, and its tail is bold. */
export interface ShownAddress {
  whole: string;
  front: string;
  slug: string;
  /** Empty for the topic page itself. */
  tail: string;
}

export interface TopicAddresses {
  page: ShownAddress;
  ping: ShownAddress;
  feed: ShownAddress;
  /** The feed's other forms, and the page about all of them. */
  otherFeeds: { atom: string; json: string; follow: string };
}

/**
 * The three addresses of a topic that people mistake for one another. They differ only at the end,
 * so the end is what is shown best.
 */
export function topicAddresses(slug: string, urls: Urls): TopicAddresses {
  const page = urls.topic(slug);
  const front = page.slice(0, -slug.length);
  const shown = (whole: string) => ({ whole, front, slug, tail: whole.slice(page.length) });
  return {
    page: shown(page),
    ping: shown(urls.trackback(slug)),
    feed: shown(urls.feed(slug, 'rss')),
    otherFeeds: {
      atom: urls.feed(slug, 'atom'),
      json: urls.feed(slug, 'json'),
      follow: urls.followTopic(slug),
    },
  };
}
