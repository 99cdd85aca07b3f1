import type { Topic } from '../topics/topic.ts';
import type { FeedForm, Urls } from '../urls.ts';
import type { Headers } from '../web/headers.ts';

/** A feed as a page offers it, in its head and in its headers. */
export interface Alternate {
  title: string;
  /** The media type, without parameters. */
  type: string;
  href: string;
}

/** The forms of every feed, the usual one first: readers take the first they find. */
export const FORMS: readonly { form: FeedForm; name: string; type: string }[] = [
  { form: 'rss', name: 'RSS', type: 'application/rss+xml' },
  { form: 'atom', name: 'Atom', type: 'application/atom+xml' },
  { form: 'json', name: 'JSON Feed', type: 'application/feed+json' },
];

/** All forms of one feed, so that no page offers one and forgets another; readers that let people choose show the title. */
function alternates(title: string, address: (form: FeedForm) => string): Alternate[] {
  return FORMS.map(({ form, name, type }) => ({ title: `${title} (${name})`, type, href: address(form) }));
}

/** The same for readers that look at headers only (RFC 8288). */
export function alternateLinks(offered: readonly Alternate[]): Headers {
  return offered.map(({ type, href }) => ['Link', `<${href}>; rel="alternate"; type="${type}"`] as const);
}

export const topicAlternates = ({ title, slug }: Pick<Topic, 'title' | 'slug'>, urls: Urls): Alternate[] =>
  alternates(title, form => urls.feed(slug, form));

export const hubAlternates = (urls: Urls): Alternate[] => alternates('All topics', urls.hubFeed);
