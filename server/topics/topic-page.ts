import { type Alternate, topicAlternates } from '../feeds/forms.ts';
import type { Listed } from '../mentions/mentions.ts';
import type { Urls } from '../urls.ts';
import {
  date,
  dateAndTime,
  isoDay,
  isoTime,
  monthAndYear,
  plural,
  withoutDoubleHyphens,
} from '../web/helpers.ts';
import type { PageModel } from '../web/views.ts';
import { type TopicAddresses, topicAddresses } from './addresses.ts';
import { byDay, type Day } from './entries.ts';
import type { Topic } from './topic.ts';

export interface TopicPage extends PageModel {
  /** The title as it may stand in the discovery block, which is an HTML comment. */
  titleInComment: string;
  definition: string;
  addresses: TopicAddresses;
  alternates: Alternate[];
  /** Null while the topic waits for its first post; then the page invites to write it. */
  facts: Facts | null;
  opened: Moment;
  nearby: { title: string; href: string; facts: string }[];
  days: Day[];
  older: { href: string; month: string } | null;
  first: boolean;
}

interface Facts {
  posts: number;
  postWord: string;
  blogs: number;
  blogWord: string;
  since: string | null;
  lastListed: Moment | null;
}

/** A time in words and as machines read it. */
interface Moment {
  words: string;
  iso: string;
}

/**
 * One page of a topic's list, newest first. `older` is the address of the next page, if there is
 * one, and when its first post was listed; `first` tells the newest page from the others; `nearby` are topics with posts, for the page
 * that has none of its own.
 */
export function topicPage(shown: {
  topic: Topic;
  entries: readonly Listed[];
  older: { href: string; from: number } | null;
  first: boolean;
  nearby: readonly Topic[];
  urls: Urls;
}): TopicPage {
  const { topic, entries, older, first, nearby, urls } = shown;
  const empty = topic.posts === 0;
  return {
    title: topic.title,
    noindex: empty,
    current: 'topics',
    titleInComment: withoutDoubleHyphens(topic.title),
    definition: topic.definition,
    addresses: topicAddresses(topic.slug, urls),
    alternates: topicAlternates(topic, urls),
    facts: empty ? null : factsOf(topic),
    opened: { words: date(topic.openedAt), iso: isoDay(topic.openedAt) },
    nearby: nearby.map(other => ({
      title: other.title,
      href: urls.topic(other.slug),
      facts: nearbyFacts(other),
    })),
    days: byDay(entries, urls),
    older: older && { href: older.href, month: monthAndYear(isoDay(older.from)) },
    first,
  };
}

function factsOf({ posts, blogs, months, lastListedAt }: Topic): Facts {
  const earliest = Object.keys(months).sort()[0];
  return {
    posts,
    postWord: plural(posts, 'post'),
    blogs,
    blogWord: plural(blogs, 'blog'),
    since: earliest === undefined ? null : monthAndYear(earliest),
    lastListed:
      lastListedAt === null ? null : { words: dateAndTime(lastListedAt), iso: isoTime(lastListedAt) },
  };
}

function nearbyFacts({ posts, lastListedAt }: Topic): string {
  const count = `${posts} ${plural(posts, 'post')}`;
  return lastListedAt === null ? count : `${count}, last on ${date(lastListedAt)}`;
}
