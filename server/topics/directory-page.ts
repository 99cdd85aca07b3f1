import { type Alternate, hubAlternates } from '../feeds/forms.ts';
import type { Urls } from '../urls.ts';
import { isoDay, plural, shortDate } from '../web/helpers.ts';
import type { PageModel } from '../web/views.ts';
import type { Topic } from './topic.ts';

export interface DirectoryPage extends PageModel {
  /** The feeds over all topics. */
  alternates: Alternate[];
  groups: { id: string; title: string; topics: TopicRow[] }[];
  waiting: { heading: string; topics: { title: string; href: string }[] } | null;
  /** A hub on which no topic has been opened yet. */
  bare: boolean;
  /** Where the form leads that asks for a ping. */
  whereAction: string;
}

export interface TopicRow {
  title: string;
  href: string;
  definition: string;
  facts: string;
  lastPost: { words: string; iso: string };
}

type LiveTopic = Topic & { lastListedAt: number };

const DAY = 24 * 60 * 60 * 1000;

/** Each takes what the groups before it left. */
const GROUPS = [
  { id: 'week', title: 'New in the last 7 days', within: 7 * DAY },
  { id: 'month', title: 'New in the last 30 days', within: 30 * DAY },
  { id: 'quiet', title: 'Quiet for longer', within: Number.POSITIVE_INFINITY },
];

/** The front page: what was written about lately comes first, and topics without posts come last, as links. */
export function directoryPage(shown: { topics: readonly Topic[]; now: number; urls: Urls }): DirectoryPage {
  const { topics, now, urls } = shown;
  const live = topics.filter(hasPosts).sort((a, b) => b.lastListedAt - a.lastListedAt);
  const groupOf = (topic: LiveTopic) => GROUPS.find(({ within }) => now - topic.lastListedAt <= within);
  const groups = GROUPS.map(group => ({
    id: group.id,
    title: group.title,
    topics: live.filter(topic => groupOf(topic) === group).map(topic => row(topic, now, urls)),
  }));
  return {
    title: 'Topics',
    current: 'topics',
    alternates: hubAlternates(urls),
    groups: groups.filter(group => group.topics.length > 0),
    waiting: waitingList(
      topics.filter(topic => !hasPosts(topic)),
      urls,
    ),
    bare: topics.length === 0,
    whereAction: urls.path(urls.where),
  };
}

function hasPosts(topic: Topic): topic is LiveTopic {
  return topic.posts > 0 && topic.lastListedAt !== null;
}

function row(topic: LiveTopic, now: number, urls: Urls): TopicRow {
  const { title, slug, definition, posts, blogs, lastListedAt } = topic;
  return {
    title,
    href: urls.topic(slug),
    definition,
    facts: `${posts} ${plural(posts, 'post')}, ${blogs} ${plural(blogs, 'blog')}`,
    lastPost: { words: shortDate(lastListedAt, now), iso: isoDay(lastListedAt) },
  };
}

function waitingList(topics: readonly Topic[], urls: Urls): DirectoryPage['waiting'] {
  if (topics.length === 0) return null;
  return {
    heading: `${topics.length} ${plural(topics.length, 'topic')} waiting for a first post`,
    topics: topics.map(({ title, slug }) => ({ title, href: urls.topic(slug) })),
  };
}
