import { createHash } from 'node:crypto';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Edition } from '../web/finished-page.ts';

/** Which topics a feed over several of them is made from. */
export interface Choice {
  topics: Topic[];
  /** The one query that names this choice, `?in=a,b` or `?not=c`; empty for all topics. */
  search: string;
  /** The same by the topics' ids, which no renaming changes. */
  lasting: string;
  title: string;
}

/** What a feed over several topics can't be made from: names of no topic here, or none left over. */
export interface NoChoice {
  missing: string[];
}

/** The owner of pages that show more than one topic, for `PageCache.forget`. */
export const ALL_TOPICS = 'all';

const MOST_NAMED = 3;

/**
 * Reads `?in=` (only these) and `?not=` (all but these), as lists with commas, repeated or not. Former slugs
 * are taken too. A topic that is unknown is missed where it was asked for, but not where it was not wanted: it may be
 * gone since, and the feed is what its reader wanted nevertheless.
 */
export function readChoice(
  query: { in?: string | string[] | undefined; not?: string | string[] | undefined },
  all: readonly Topic[],
): Choice | NoChoice {
  const find = finderAmong(all);
  const wanted = namesIn(query.in);
  const unwanted = new Set(namesIn(query.not).map(find));
  if (wanted.length === 0) {
    const without = all.filter(topic => unwanted.has(topic));
    const rest = all.filter(topic => !unwanted.has(topic));
    return choice(
      'not',
      rest,
      without,
      without.length === 0 ? 'All topics' : `All topics but ${named(without)}`,
    );
  }
  const missing = wanted.filter(name => !find(name));
  const found = new Set(wanted.map(find));
  const only = all.filter(topic => !unwanted.has(topic) && found.has(topic));
  if (missing.length > 0 || only.length === 0) return { missing };
  return choice('in', only, only, named(only));
}

/** Whose version and place in memory a feed of these topics has: another one whenever one of them changes. */
export function editionOf({ topics }: Choice): Edition {
  const versions = topics.map(({ id, version }) => `${id}.${version}`).sort();
  const digest = createHash('sha256').update(versions.join(' ')).digest('base64url');
  return { owner: ALL_TOPICS, version: 0, beside: `+${digest.slice(0, 22)}` };
}

function namesIn(value: string | string[] | undefined): string[] {
  const names = [value ?? []].flat().join(',').split(',');
  return [...new Set(names.map(name => name.trim()))].filter(name => name !== '');
}

/** One look at the topics serves all names, since a query may hold thousands. */
function finderAmong(all: readonly Topic[]): (name: string) => Topic | undefined {
  const bySlug = new Map<string, Topic>();
  for (const topic of all) for (const slug of topic.formerSlugs) bySlug.set(slug, topic);
  for (const topic of all) bySlug.set(topic.slug, topic);
  return name => bySlug.get(readSlug(name) ?? '');
}

function choice(word: 'in' | 'not', topics: Topic[], inQuery: readonly Topic[], title: string): Choice {
  const list = (words: string[]) => (words.length === 0 ? '' : `?${word}=${words.sort().join(',')}`);
  return {
    topics,
    search: list(inQuery.map(topic => topic.slug)),
    lasting: list(inQuery.map(topic => topic.id)),
    title,
  };
}

function named(topics: readonly Topic[]): string {
  return topics.length > MOST_NAMED ? `${topics.length} topics` : topics.map(topic => topic.title).join(', ');
}
