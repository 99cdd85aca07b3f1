/** A feed's form, as its address ends. */
export type FeedForm = 'rss' | 'atom' | 'json';

export type Urls = ReturnType<typeof createUrls>;

/**
 * The only place where addresses of this hub are built. `base` is `BASE_URL`; with a path
 * (`https://example.org/hub`) every address lies below it. The Host header is never asked.
 */
export function createUrls(base: string) {
  const root = new URL(base);
  const path = root.pathname.replace(/\/+$/, '');
  const prefix = root.origin + path;
  const topic = (slug: string) => `${prefix}/t/${slug}`;
  return {
    /** The path all addresses begin with, without a slash at its end: `''` or `/hub`. */
    basePath: path,
    host: root.host,
    origin: root.origin,
    home: `${prefix}/`,
    topic,
    older: (slug: string, before: string) => `${topic(slug)}?before=${before}`,
    trackback: (slug: string) => `${topic(slug)}/trackback`,
    feed: (slug: string, form: FeedForm) => `${topic(slug)}.${form}`,
    receipt: (id: string) => `${prefix}/pings/${id}`,
    pingback: `${prefix}/pingback`,
    webmention: `${prefix}/webmention`,
    lookAgain: (id: string) => `${prefix}/pings/${id}/look`,
    where: `${prefix}/where-is-my-ping`,
    submit: `${prefix}/submit`,
    /** The form with its topic chosen. */
    submitTo: (slug: string) => `${prefix}/submit?topic=${slug}`,
    howToPing: `${prefix}/how-to-ping`,
    /** One of our addresses without scheme and host: a form may be sent where the page came from, and nowhere else. */
    path: (address: string) => address.slice(root.origin.length),
    /** The feed over all topics; `search` chooses among them, as `?in=a,b`. */
    hubFeed: (form: FeedForm, search = '') => `${prefix}/feed.${form}${search}`,
    follow: `${prefix}/follow`,
    followTopic: (slug: string) => `${topic(slug)}/follow`,
    /** A file in `public/`, with the build in its address so that it may be cached for good. */
    asset: (name: string, build: string) => `${path}/${name}?v=${build}`,
    at: (ownPath: string) => root.origin + ownPath,
  };
}
