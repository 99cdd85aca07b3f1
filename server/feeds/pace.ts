import type { Topic } from '../topics/topic.ts';
import { date, plural } from '../web/helpers.ts';

const DAY = 24 * 60 * 60 * 1000;
const WEEK = 7 * DAY;
const MONTH = 30 * DAY;

/** The month we are in and this many before it. */
const MONTHS_BEFORE = 2;

/**
 * How many new posts a follower has to expect, in a sentence: "About 3 posts a week." It is the mean since the
 * month before last, or since the first topic was opened; two weeks are too little to speak of a mean. A post
 * that is listed in several topics is in the counters of each.
 */
export function pace(
  topics: readonly Pick<Topic, 'openedAt' | 'months' | 'lastListedAt'>[],
  now: number,
): string {
  const since = new Date(now);
  since.setUTCMonth(since.getUTCMonth() - MONTHS_BEFORE, 1);
  since.setUTCHours(0, 0, 0, 0);
  const opened = Math.min(now, ...topics.map(topic => topic.openedAt));
  const firstMonth = since.toISOString().slice(0, 7);
  const posts = topics
    .flatMap(topic => Object.entries(topic.months))
    .reduce((sum, [month, count]) => (month < firstMonth ? sum : sum + count), 0);
  const length = now - Math.max(since.getTime(), opened);
  const last = Math.max(...topics.map(topic => topic.lastListedAt ?? 0), 0);
  if (last === 0) return 'No posts yet.';
  if (posts === 0) return `No new posts since ${date(last)}.`;
  if (length < 2 * WEEK) return `${posts} ${plural(posts, 'post')} so far.`;
  return mean(posts / length);
}

/** In the shortest of day, week and month that has at least one. */
function mean(perMs: number): string {
  const said = (count: number, unit: string) => `About ${count} ${plural(count, 'post')} a ${unit}.`;
  if (perMs * DAY >= 1.5) return said(Math.round(perMs * DAY), 'day');
  if (perMs * WEEK >= 0.75) return said(Math.round(perMs * WEEK), 'week');
  const inMonth = Math.round(perMs * MONTH);
  return inMonth >= 1 ? said(inMonth, 'month') : 'Less than one post a month.';
}
