import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import { keyOf } from '../../server/mentions/source-key.ts';
import { DAY } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { HARD_POSTS, type HardPost, pageOf } from './posts.ts';

/** The topic that has posts; of the topics a hub begins with, the others stay empty. */
export const TOPIC = 'night-sky';
/** A topic that was pinged in vain: by a post whose link lacks a letter, and by one that is not there. */
export const OTHER_TOPIC = 'static-site-generators';
export const MISSPELT = '/misspelt';
export const ABSENT = '/absent';
/** An empty topic with the longest address and words that fit no line. */
export const LONG_TOPIC = `${'rindfleischetikettierungsueberwachung'}-aufgaben-uebertragung`;

/** The real hub with posts of two days in it, each of them pinged, looked at and listed. */
export async function aStockedHub(test: Pick<TestContext, 'after'>): Promise<TestHub> {
  const limits = { sender: [], site: [], pair: [{ most: 1, seconds: 3_600 }], topic: [], queue: null };
  const hub = await aHub(test, { config: { contact: 'mailto:keeper@hub.example', rateLimits: limits } });
  await hub.storage.topics.add({
    slug: LONG_TOPIC,
    title: 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzgebung',
    definition:
      'Wörter, die in keine Zeile passen: Grundstücksverkehrsgenehmigungszuständigkeitsübertragung.',
  });
  const half = HARD_POSTS.length / 2;
  await pingAll(hub, HARD_POSTS.slice(0, half), half);
  hub.later(DAY);
  await pingAll(hub, HARD_POSTS.slice(half), HARD_POSTS.length);
  await pingInVain(hub);
  return hub;
}

/** Pings a topic that none of these posts links to: by a letter, by linking to another one, by not being there. */
async function pingInVain(hub: TestHub): Promise<void> {
  const misspelt = { ...(HARD_POSTS[0] as HardPost), path: MISSPELT };
  hub.blog.put(MISSPELT, pageOf(misspelt, hub.hub.urls.topic(OTHER_TOPIC).slice(0, -1)));
  for (const path of [MISSPELT, String(HARD_POSTS[0]?.path), ABSENT]) {
    const answer = await hub.ping(OTHER_TOPIC, { url: hub.blog.at(path) });
    assert.equal(answer.error, '0', answer.body);
    await until(async () => (await mentionOf(hub, path, OTHER_TOPIC))?.evidence, `a look at ${path}`);
  }
}

/** What the hub remembers of a post of its blog. */
export async function mentionOf(hub: TestHub, path: string, slug = TOPIC): Promise<Mention | null> {
  const topic = await hub.storage.topics.bySlug(slug);
  return topic && hub.storage.mentions.find(topic.id, keyOf(new URL(hub.blog.at(path))));
}

/** Puts the posts on the blog, pings them, and waits until the topic has as many posts as it should. */
async function pingAll(hub: TestHub, posts: typeof HARD_POSTS, inAll: number): Promise<void> {
  for (const post of posts) {
    hub.blog.put(post.path, pageOf(post, hub.hub.urls.topic(TOPIC)));
    const answer = await hub.ping(TOPIC, { url: hub.blog.at(post.path) });
    assert.equal(answer.error, '0', answer.body);
  }
  await until(
    async () => (await hub.storage.topics.bySlug(TOPIC))?.posts === inAll,
    `${inAll} posts in ${TOPIC}`,
  );
}
