import type { LatestPost, Listed, Place } from '../mentions/mentions.ts';

/** A listing as far as it is needed to tell posts apart. */
export interface Listing extends Place {
  listedKey: string;
}

type ListedIn = Listed & { topicId: string };

/** The questions of `Mentions.latest`, each of which an engine answers from an index. */
export interface LatestQueries {
  /** Those of these topics that have posts, the one with the newest first. */
  busiest(topicIds: readonly string[]): Promise<{ id: string; lastListedAt: number }[]>;
  /** The newest listings of one topic, newest first. */
  newest(topicId: string, limit: number): Promise<Listing[]>;
  /** All listings of these posts in these topics, in any order. */
  listings(keys: readonly string[], topicIds: readonly string[]): Promise<ListedIn[]>;
}

/** Topics asked side by side; and at most, so that posts which are listed everywhere cost no more than others. */
const TOPICS_AT_ONCE = 8;
const MOST_TOPICS = 200;

/**
 * `Mentions.latest` for every engine. A topic has each post once, so the newest posts of several topics are among
 * as many of each; and of the topics those matter whose own newest is new enough.
 */
export async function latestPosts(
  { busiest, newest, listings }: LatestQueries,
  topicIds: readonly string[],
  limit: number,
): Promise<LatestPost[]> {
  const topics = (await busiest(topicIds)).slice(0, MOST_TOPICS);
  let found: Listing[] = [];
  for (let asked = 0; asked < topics.length; asked += TOPICS_AT_ONCE) {
    const wave = topics.slice(asked, asked + TOPICS_AT_ONCE);
    const last = found[limit - 1];
    if (last && wave.every(topic => topic.lastListedAt < last.listedAt)) break;
    const ofWave = await Promise.all(wave.map(({ id }) => newest(id, limit)));
    found = oncePerPost([...found, ...ofWave.flat()].sort(newestFirst)).slice(0, limit);
  }
  const keys = found.map(listing => listing.listedKey);
  const all = await listings(keys, topicIds);
  const byPost = Map.groupBy(all.sort(newestFirst), listing => listing.listedKey);
  return [...byPost.values()].map(asOne).sort(newestFirst);
}

function newestFirst(a: Place, b: Place): number {
  return b.listedAt - a.listedAt || (a.id < b.id ? 1 : -1);
}

function oncePerPost(listings: readonly Listing[]): Listing[] {
  const seen = new Set<string>();
  return listings.filter(({ listedKey }) => !seen.has(listedKey) && seen.add(listedKey));
}

/** One post from its listings, the newest of which comes first. */
function asOne(listings: readonly ListedIn[]): LatestPost {
  const { topicId: _one, ...newest } = listings[0] as ListedIn;
  const first = listings.at(-1) as ListedIn;
  const inOrder = listings.toReversed();
  return {
    ...newest,
    listedAt: first.listedAt,
    doors: [...new Set(inOrder.flatMap(listing => listing.doors))],
    topicIds: inOrder.map(listing => listing.topicId),
  };
}
