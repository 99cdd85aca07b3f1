import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import { nearest } from '../web/not-found-page.ts';
import type { PageModel } from '../web/views.ts';

export interface NoSuchTopicPage extends PageModel {
  missing: { name: string; suggestion: { title: string; slug: string } | null }[];
  /** The page that shows how such an address is made. */
  follow: string;
}

const MOST_SHOWN = 5;
const LONGEST_SHOWN = 64;

/** The 404 of a feed over topics that are not there, which says which of the names is the wrong one. */
export function noSuchTopicPage(asked: {
  missing: readonly string[];
  topics: readonly Topic[];
  urls: Urls;
}): NoSuchTopicPage {
  const { missing, topics, urls } = asked;
  return {
    title: 'No such topic',
    noindex: true,
    missing: missing.slice(0, MOST_SHOWN).map(name => {
      const shown = name.slice(0, LONGEST_SHOWN).toWellFormed();
      const meant = nearest(shown.toLowerCase(), topics);
      return { name: shown, suggestion: meant ? { title: meant.title, slug: meant.slug } : null };
    }),
    follow: urls.follow,
  };
}
