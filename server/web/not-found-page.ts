import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { PageModel } from './views.ts';

export interface NotFoundPage extends PageModel {
  address: string;
  suggestion: { title: string; href: string } | null;
}

const LONGEST_SHOWN = 200;

/**
 * The page for an address that leads nowhere. `slug` is the topic it asked for, if it asked for one:
 * most such addresses are a topic's with a letter amiss.
 */
export function notFoundPage(asked: {
  address: string;
  slug: string | null;
  topics: readonly Topic[];
  urls: Urls;
}): NotFoundPage {
  const { address, slug, topics, urls } = asked;
  const meant = slug === null ? undefined : nearest(slug, topics);
  return {
    title: 'Nothing is filed here',
    noindex: true,
    address: shortened(address),
    suggestion: meant ? { title: meant.title, href: urls.topic(meant.slug) } : null,
  };
}

/** Addresses of ours are never cut; this one is a stranger's, of any length. */
function shortened(address: string): string {
  return address.length <= LONGEST_SHOWN ? address : `${address.slice(0, LONGEST_SHOWN).toWellFormed()}…`;
}

/** The topic whose address is a letter or two away from this one. */
export function nearest(slug: string, topics: readonly Topic[]): Topic | undefined {
  return (
    topics.find(topic => within(1, slug, topic.slug)) ?? topics.find(topic => within(2, slug, topic.slug))
  );
}

/**
 * Whether letters put in, left out or replaced, `edits` of them at most, turn one text into the other.
 * What both begin with costs nothing, so there are at most 3 ways to go on at each edit: 9 for two.
 */
function within(edits: number, a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > edits) return false;
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  if (restA === '' || restB === '') return true;
  if (edits === 0) return false;
  const [nextA, nextB] = [restA.slice(1), restB.slice(1)];
  return (
    within(edits - 1, nextA, nextB) || within(edits - 1, nextA, restB) || within(edits - 1, restA, nextB)
  );
}
