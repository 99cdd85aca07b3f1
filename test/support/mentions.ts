import assert from 'node:assert/strict';
import type { Mention, Met } from '../../server/mentions/mention.ts';
import type { Claim, Settlement, TakenPing } from '../../server/mentions/mentions.ts';
import type { Storage } from '../../server/storage/storage.ts';
import type { Topic } from '../../server/topics/topic.ts';

/** A ping of the post with this key. */
export function aPing(topic: Pick<Topic, 'id'>, key: string, over: Partial<TakenPing> = {}): TakenPing {
  return {
    topicId: topic.id,
    key,
    sourceUrl: `http://${key}`,
    site: key.split('/')[0] as string,
    domain: '',
    via: 'trackback',
    claim: { title: 'Orion', excerpt: 'Three stars in a row.', blogName: 'Starlight' },
    said: 'title: Orion',
    ...over,
  };
}

/** What a look met that found the link at this address. */
export function metAt(key: string, over: Partial<Met> = {}): Met {
  return {
    saw: 'linked',
    finalUrl: `http://${key}`,
    redirects: 1,
    tookMs: 800,
    status: 200,
    bytes: 46_000,
    links: 23,
    link: { address: 'https://hub.example/t/night-sky', sentence: 'See the $night sky.', to: 'page' },
    miss: null,
    ...over,
  };
}

/** What a look settles when it saw the link at this address. */
export function linkedAt(key: string, over: Partial<Settlement> = {}): Settlement {
  const shown = { title: 'Orion', excerpt: 'Three stars.', blogName: 'Starlight', language: 'en' };
  return {
    status: 'listed',
    dueIn: 3_600_000,
    tries: 1,
    failing: null,
    sight: { saw: 'linked' },
    finalUrl: `http://${key}`,
    finalKey: key,
    site: key.split('/')[0] as string,
    page: { ...shown, at: 1, author: 'Ana', published: null },
    shown,
    evidence: metAt(key),
    ...over,
  };
}

/** Takes pings of posts of a topic, a hundred at a time, since a store gives up those that nobody waits for any more. */
export async function takeMany(
  { mentions }: Pick<Storage, 'mentions'>,
  topic: Pick<Topic, 'id'>,
  keys: readonly string[],
): Promise<void> {
  for (let from = 0; from < keys.length; from += 100) {
    await Promise.all(keys.slice(from, from + 100).map(key => mentions.take(aPing(topic, key))));
  }
}

/** Claims everything that is due and returns the claim of one source. */
export async function claimOf({ mentions }: Pick<Storage, 'mentions'>, key: string): Promise<Claim> {
  const claims = await mentions.claimDue({ forMs: 60_000, limit: 1_000 });
  const claim = claims.find(one => one.key === key);
  assert.ok(claim, `${key} is due`);
  return claim;
}

/** Pings, claims and settles one post of a topic; returns it as it is then. */
export async function settle(
  store: Pick<Storage, 'mentions'>,
  topic: Topic,
  key: string,
  settlement: Settlement,
): Promise<Mention> {
  await store.mentions.take(aPing(topic, key));
  const claim = await claimOf(store, key);
  const claimed = claim.mentions.find(one => one.topicId === topic.id);
  assert.ok(claimed);
  await store.mentions.settle(claim.token, claimed, settlement);
  return (await store.mentions.find(topic.id, key)) as Mention;
}

/** Pings a post and sees it listed. */
export const list = (store: Pick<Storage, 'mentions'>, topic: Topic, key: string) =>
  settle(store, topic, key, linkedAt(key));
