import type { Mention } from '../../server/mentions/mention.ts';
import type { Listed, Place } from '../../server/mentions/mentions.ts';
import type { Storage } from '../../server/storage/storage.ts';
import type { Topic } from '../../server/topics/topic.ts';
import type { Ledger } from './ledger.ts';
import { type Post, readPost } from './posts.ts';

const PIECE = 500;
const ALL = 10_000_000;

/** A topic with everything in it. */
interface Contents {
  topic: Topic;
  listed: Listed[];
  mentions: Mention[];
}

/** What is wrong in the store, each as a sentence with what is stored; all empty when nothing is. */
export interface Findings {
  /** How many posts are on the public lists. */
  listed: number;
  lost: string[];
  /** Receipts that were named to a sender, and lead to nothing or to another post. */
  lostReceipts: string[];
  /** Posts that nobody looked at since the latest ping or wish for a look that was taken. */
  unlooked: string[];
  doubled: string[];
  /** Listed although the post has no link. */
  unlinkedListed: string[];
  /** Stored although nobody pinged it. */
  strangers: string[];
  /** Counters of a topic that differ from a recount. */
  wrongCounters: string[];
}

/** Holds a store that is at rest against what the senders know. */
export async function check(
  storage: Storage,
  ledger: Ledger,
  askedAt: ReadonlyMap<number, number>,
): Promise<Findings> {
  const all = await Promise.all((await storage.topics.list()).map(topic => read(storage, topic)));
  const mentions = all.flatMap(one => one.mentions);
  const listed = all.flatMap(({ topic, listed }) => listed.map(({ url }) => ({ topic: topic.slug, url })));
  const timesListed = countBy(listed.map(({ topic, url }) => nameIn(topic, url)));
  const timesStored = countBy(all.flatMap(one => one.mentions.map(m => nameIn(one.topic.slug, m.sourceUrl))));
  const stored = new Map(mentions.map(mention => [readPost(mention.sourceUrl)?.id, mention]));
  const nameOf = (post: Post) => nameIn(post.topic, post.url);
  const posts = [...ledger.posts.values()];
  const known = new Set(posts.map(nameOf));
  const names = [...new Set([...timesListed.keys(), ...timesStored.keys()])];
  return {
    listed: listed.length,
    lost: posts
      .filter(
        post => ledger.acknowledged.has(post.id) && post.kind !== 'plain' && !timesListed.has(nameOf(post)),
      )
      .map(post => `${post.url}: ${storedInWords(stored.get(post.id))}`),
    lostReceipts: [...ledger.receipts].flatMap(([id, named]) =>
      [...named]
        .filter(receipt => receipt === null || stored.get(id)?.id !== receipt)
        .map(receipt => `${receipt} of ${ledger.posts.get(id)?.url}: ${storedInWords(stored.get(id))}`),
    ),
    unlooked: [...ledger.owedSince]
      .filter(([id, since]) => (askedAt.get(id) ?? 0) < since && !wasInterrupted(stored.get(id)))
      .map(([id]) => `${ledger.posts.get(id)?.url}: ${storedInWords(stored.get(id))}`),
    doubled: names
      .filter(name => (timesListed.get(name) ?? 0) > 1 || (timesStored.get(name) ?? 0) > 1)
      .map(name => `${name}: stored ${timesStored.get(name)} times, listed ${timesListed.get(name)} times`),
    unlinkedListed: listed.map(one => one.url).filter(url => readPost(url)?.kind === 'plain'),
    strangers: names.filter(name => !known.has(name)),
    wrongCounters: all.flatMap(wrongCounters),
  };
}

async function read(storage: Storage, topic: Topic): Promise<Contents> {
  const listed: Listed[] = [];
  let before: Place | undefined;
  do {
    const piece = await storage.mentions.listed(topic.id, PIECE, before);
    listed.push(...piece);
    before = piece.length === PIECE ? piece.at(-1) : undefined;
  } while (before);
  const mentions = await storage.mentions.all(topic.id, ALL);
  // Read again: its counters must be those of the lists just read.
  return { topic: (await storage.topics.byId(topic.id)) ?? topic, listed, mentions };
}

/** A post in the topic it was found in, whatever spelling its address has. */
function nameIn(topic: string, url: string): string {
  const post = readPost(url);
  return post ? `${topic} ${post.topic}/${post.kind}/${post.id}` : `${topic} ${url}`;
}

function countBy(names: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function wrongCounters({ topic, listed, mentions }: Contents): string[] {
  const shown = mentions.filter(mention => mention.status === 'listed');
  const months = Object.fromEntries(
    countBy(shown.map(mention => new Date(mention.listedAt ?? 0).toISOString().slice(0, 7))),
  );
  const recount = {
    posts: shown.length,
    blogs: new Set(shown.map(mention => mention.site)).size,
    months: sorted(months),
    lastListedAt: shown.reduce<number | null>((last, one) => Math.max(last ?? 0, one.listedAt ?? 0), null),
  };
  const { posts, blogs, lastListedAt } = topic;
  const counters = { posts, blogs, months: sorted(topic.months), lastListedAt };
  const wrong: string[] = [];
  if (JSON.stringify(counters) !== JSON.stringify(recount))
    wrong.push(`${topic.slug}: says ${JSON.stringify(counters)}, recounted ${JSON.stringify(recount)}`);
  if (listed.length !== shown.length)
    wrong.push(`${topic.slug}: its pages show ${listed.length} posts, ${shown.length} are listed`);
  return wrong;
}

function sorted(months: Record<string, number>): [string, number][] {
  return Object.entries(months).sort(([a], [b]) => a.localeCompare(b));
}

/** Process after process died over it, so it is put off, and says so. */
function wasInterrupted(mention: Mention | undefined): boolean {
  const last = mention?.history.findLast(event => event.kind === 'looked');
  return last?.saw === 'interrupted';
}

function storedInWords(mention: Mention | undefined): string {
  if (!mention) return 'not stored at all';
  const { id, status, attempts, tries, due, history } = mention;
  return JSON.stringify({ id, status, attempts, tries, due, history });
}
