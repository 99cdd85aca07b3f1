import type { ShownAddress } from '../topics/addresses.ts';
import type { Topic } from '../topics/topic.ts';
import type { FeedForm, Urls } from '../urls.ts';
import type { PageModel } from '../web/views.ts';
import { type Alternate, FORMS, hubAlternates, topicAlternates } from './forms.ts';
import { pace } from './pace.ts';

export interface FollowPage extends PageModel {
  heading: string;
  canonical: string;
  /** The topic it is about, null for all of them. */
  topic: { title: string; href: string } | null;
  alternates: Alternate[];
  feeds: (ShownAddress & { label: string; use: string })[];
  pace: string;
  /** Where a topic's readers find more, and how much more. */
  everything: { href: string; pace: string } | null;
  /** How readers of everything ask for less; null where there is nothing to choose from. */
  fewer: { only: ShownAddress; without: ShownAddress } | null;
  home: string;
}

const USES: Readonly<Record<FeedForm, string>> = {
  rss: 'The usual choice.',
  atom: 'For readers that prefer it.',
  json: 'For scripts and some newer readers.',
};

/** What a topic's feeds are and what is in them, for people who want to follow it. `topics` are all of the hub. */
export function followTopicPage(shown: {
  topic: Topic;
  topics: readonly Topic[];
  now: number;
  urls: Urls;
}): FollowPage {
  const { topic, topics, now, urls } = shown;
  const address = (form: FeedForm) => urls.feed(topic.slug, form);
  return {
    title: `Follow ${topic.title}`,
    heading: 'Follow this topic',
    canonical: urls.followTopic(topic.slug),
    topic: { title: topic.title, href: urls.topic(topic.slug) },
    alternates: topicAlternates(topic, urls),
    feeds: feedsAt(address, topic.slug),
    pace: pace([topic], now),
    everything: { href: urls.follow, pace: pace(topics, now) },
    fewer: null,
    home: urls.home,
  };
}

/** The same for the feeds over all topics, and for whatever part of them a reader wants. */
export function followEverythingPage(shown: {
  topics: readonly Topic[];
  now: number;
  urls: Urls;
}): FollowPage {
  const { topics, now, urls } = shown;
  const [first, second] = topics;
  return {
    title: 'Follow everything',
    heading: 'Follow everything',
    canonical: urls.follow,
    topic: null,
    alternates: hubAlternates(urls),
    feeds: feedsAt(urls.hubFeed, 'feed'),
    pace: pace(topics, now),
    everything: null,
    fewer:
      first && second
        ? {
            only: inPieces(urls.hubFeed('rss', `?in=${first.slug},${second.slug}`), 'feed'),
            without: inPieces(urls.hubFeed('rss', `?not=${first.slug}`), 'feed'),
          }
        : null,
    home: urls.home,
  };
}

function feedsAt(address: (form: FeedForm) => string, name: string): FollowPage['feeds'] {
  return FORMS.map(({ form, name: label }) => ({
    label,
    use: USES[form],
    ...inPieces(address(form), name),
  }));
}

/** What tells one feed from another, its name and its end, is what is shown best. */
function inPieces(whole: string, slug: string): ShownAddress {
  const at = whole.lastIndexOf(`/${slug}.`) + 1;
  return { whole, front: whole.slice(0, at), slug, tail: whole.slice(at + slug.length) };
}
