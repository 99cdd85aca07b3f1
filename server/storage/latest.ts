import type { LatestPost, Listed, Place } from '../mentions/mentions.ts';

/** A listing as far as it is needed to tell whether its post is listed elsewhere too. */
export interface Listing extends Place {
  listedKey: string;
}

/** The questions of `Mentions.latest`, each of which any engine answers from an index without sorting. */
export interface LatestQueries {
  /** Those of these topics that have posts, the one with the newest first. */
  busiest(topicIds: readonly string[]): Promise<{ id: string; lastListedAt: number }[]>;
  /** The newest listings of one topic, newest first, strictly older than `before`. */
  older(topicId: string, limit: number, before: Place | undefined): Promise<Listing[]>;
  /** All listings of these posts in these topics, in any order. */
  listings(topicIds: readonly string[], keys: readonly string[]): Promise<(Listed & { topicId: string })[]>;
}

/** Topics asked side by side. */
const TOPICS_AT_ONCE = 8;

/** Listings read at a time; and at most, so that posts which are listed everywhere cost no more than others. */
const PIECE = 100;
const MOST_READ = 2_000;

/**
 * `Mentions.latest` for every engine. Walks back through the listings and takes each post at its first one,
 * so that a post stays where it is, with its time, when it is listed in one more topic.
 */
export async function latestPosts(
  { busiest, older, listings }: LatestQueries,
  topicIds: readonly string[],
  limit: number,
): Promise<LatestPost[]> {
  const posts: LatestPost[] = [];
  const topics = await busiest(topicIds);
  let before: Place | undefined;
  for (let read = 0; posts.length < limit && read < MOST_READ; read += PIECE) {
    const piece = await newest(before);
    const found = await listings(topicIds, [...new Set(piece.map(listing => listing.listedKey))]);
    const byPost = Map.groupBy(found.sort(newestFirst), listing => listing.listedKey);
    for (const { id, listedKey } of piece) {
      const ofPost = byPost.get(listedKey);
      if (ofPost?.at(-1)?.id === id) posts.push(asOne(ofPost));
    }
    if (piece.length < PIECE) break;
    before = piece.at(-1);
  }
  return posts.slice(0, limit);

  /** A piece of all topics' listings together: asks on until no topic that is left has one new enough. */
  async function newest(before: Place | undefined): Promise<Listing[]> {
    let found: Listing[] = [];
    for (let asked = 0; asked < topics.length; asked += TOPICS_AT_ONCE) {
      const wave = topics.slice(asked, asked + TOPICS_AT_ONCE);
      const last = found[PIECE - 1];
      if (last && last.listedAt > (wave[0] as (typeof wave)[number]).lastListedAt) break;
      const ofWave = await Promise.all(wave.map(({ id }) => older(id, PIECE, before)));
      found = [...found, ...ofWave.flat()].sort(newestFirst).slice(0, PIECE);
    }
    return found;
  }
}

/** The order of every public list. */
function newestFirst(a: Place, b: Place): number {
  return b.listedAt - a.listedAt || (a.id < b.id ? 1 : -1);
}

/** One post from its listings, the newest of which comes first. */
function asOne(listings: readonly (Listed & { topicId: string })[]): LatestPost {
  const { topicId: _one, ...newest } = listings[0] as (typeof listings)[number];
  const first = listings.at(-1) as Listed;
  const inOrder = listings.toReversed();
  return {
    ...newest,
    listedAt: first.listedAt,
    doors: [...new Set(inOrder.flatMap(listing => listing.doors))],
    topicIds: inOrder.map(listing => listing.topicId),
  };
}
