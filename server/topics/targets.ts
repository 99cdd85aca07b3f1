import type { LinkedTo } from '../mentions/mention.ts';
import type { Mentions } from '../mentions/mentions.ts';
import { keyOf, readAddress } from '../mentions/source-key.ts';
import type { Urls } from '../urls.ts';
import { readSlug, type Topic } from './topic.ts';
import type { Topics } from './topics.ts';

/** This hub under all its base addresses: that of `BASE_URL`, and those of `BASE_URL_ALIASES`. */
export type Sites = readonly Pick<Urls, 'home' | 'topic' | 'trackback' | 'feed' | 'receipt'>[];

/** An address that counts as a link to a topic, as its key, and which of the topic's addresses it is. */
export interface TopicKey {
  key: string;
  to: LinkedTo;
}

/**
 * Why an address is no topic's: none was given, it is no web address, it is the hub's own front page, another
 * page of the hub, or not on this hub at all.
 */
export type TargetMiss = 'no-target' | 'bad-target' | 'front-page' | 'other-page' | 'elsewhere';

/** What a target leads to: the slug as it stands in the address (it may be unknown or a former one), or why to nothing. */
export type Target = { slug: string } | { miss: TargetMiss };

export type ReadTarget = (address: string) => Promise<Target>;

/** Where a slug or an id may stand; whether the address is really ours is then asked of `urls.ts`. */
const ID_IN_KEY = /\/pings\/([0-9a-z-]{1,20})$/i;

/**
 * The addresses that count as a link to a topic, as keys: its page, its ping address and its feeds, under
 * its present slug and every former one, and the receipt of the mention itself. The hub's front page never does.
 */
export function targetKeys(
  sites: Sites,
  topic: Pick<Topic, 'slug' | 'formerSlugs'>,
  mentionId: string,
): TopicKey[] {
  return sites.flatMap(site => [
    ...[topic.slug, ...topic.formerSlugs].flatMap(slug => topicKeys(site, slug)),
    topicKey(site.receipt(mentionId), 'receipt'),
  ]);
}

/**
 * Reads the address that a Pingback or Webmention says its post links to. Whatever names a topic will do: what
 * leads readers there should bring pings there, too, and the look says what is wrong with the link. A receipt
 * leads to the topic of its mention, for which the store is asked; it may be away.
 */
export function createReadTarget(needs: {
  sites: Sites;
  mentions: Pick<Mentions, 'byId'>;
  topics: Pick<Topics, 'byId'>;
}): ReadTarget {
  const { sites, mentions, topics } = needs;

  return async address => {
    const text = address.trim();
    if (text === '') return { miss: 'no-target' };
    const url = readAddress(text);
    if (typeof url === 'string') return { miss: 'bad-target' };
    const key = keyOf(url);
    const slug = slugIn(sites, key);
    if (slug) return { slug };
    const id = receiptIn(sites, key);
    if (!id) return { miss: missOf(key, sites) };
    const mention = await mentions.byId(id);
    const topic = mention && (await topics.byId(mention.topicId));
    return topic ? { slug: topic.slug } : { miss: 'other-page' };
  };
}

/** The topic that an address of this hub is about, and whether it is the address of a receipt. */
export interface TopicOfKey {
  id: string;
  receipt: boolean;
}

/** Finds the topic of a key, whatever it names of it; null for the keys of everything else. */
export function createTopicAt(needs: {
  sites: Sites;
  mentions: Pick<Mentions, 'byId'>;
  topics: Pick<Topics, 'bySlug'>;
}): (key: string) => Promise<TopicOfKey | null> {
  const { sites, mentions, topics } = needs;
  return async key => {
    const slug = slugIn(sites, key);
    const topic = slug ? await topics.bySlug(slug) : null;
    if (topic) return { id: topic.id, receipt: false };
    const id = receiptIn(sites, key);
    const mention = id ? await mentions.byId(id) : null;
    return mention && { id: mention.topicId, receipt: true };
  };
}

/**
 * The slug of the topic that a key is about, whatever of that topic it names and in whatever letter case; null for
 * all other keys. What counts as a link is the stricter question.
 */
export function slugIn(sites: readonly Pick<Urls, 'topic'>[], key: string): string | null {
  for (const site of sites) {
    const front = keyOf(new URL(site.topic('-'))).slice(0, -1);
    if (key.toLowerCase().startsWith(front.toLowerCase())) {
      return readSlug(key.slice(front.length).split(/[./?]/, 1)[0] ?? '');
    }
  }
  return null;
}

/** The id of the mention whose receipt a key names, also as the receipt itself spells it. */
function receiptIn(sites: Sites, key: string): string | null {
  const written = ID_IN_KEY.exec(key)?.[1];
  const isOurs = written && sites.some(site => keyOf(new URL(site.receipt(written))) === key);
  return isOurs ? written.replaceAll('-', '').toLowerCase() : null;
}

function topicKeys(site: Sites[number], slug: string): TopicKey[] {
  const feeds = (['rss', 'atom', 'json'] as const).map(form => topicKey(site.feed(slug, form), 'feed'));
  return [topicKey(site.topic(slug), 'page'), topicKey(site.trackback(slug), 'ping-address'), ...feeds];
}

function topicKey(address: string, to: LinkedTo): TopicKey {
  return { key: keyOf(new URL(address)), to };
}

function missOf(key: string, sites: Sites): TargetMiss {
  const homes = sites.map(site => keyOf(new URL(site.home)));
  if (homes.some(home => key === home || key.startsWith(`${home}?`))) return 'front-page';
  return homes.some(home => key.startsWith(`${home}/`)) ? 'other-page' : 'elsewhere';
}
