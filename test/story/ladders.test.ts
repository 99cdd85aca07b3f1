import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { aWatchedPost, type Living, live, rest, type WatchedPost } from '../support/weeks.ts';

const TOPIC = 'night-sky';

/** A hub that was pinged for a post in this condition, and looked at it. */
async function aPingedPost([test]: Parameters<typeof aHub>, condition: (post: WatchedPost) => void) {
  const hub = await aHub(test);
  const post = aWatchedPost(hub);
  condition(post);
  const ping = async () => {
    await hub.ping(TOPIC, { url: post.url });
    await rest(hub);
  };
  const status = async () => {
    const topic = await hub.storage.topics.bySlug(TOPIC);
    return (await hub.storage.mentions.find(String(topic?.id), `${hub.blog.pair}/orion`))?.status;
  };
  const listed = () => until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
  await ping();
  return { hub, post, ping, status, listed, link: hub.hub.urls.topic(TOPIC) };
}

/** Expects one look at the end of each of these waits, none in between, and then none for weeks. */
async function climb(hub: Living, { looks }: WatchedPost, waits: readonly number[]): Promise<void> {
  for (const wait of waits) {
    const before = looks.length;
    await live(hub, wait - SECOND, wait / 10);
    assert.equal(looks.length, before, `no look within ${wait / SECOND} s`);
    await live(hub, SECOND, SECOND);
    assert.equal(looks.length, before + 1, `a look after ${wait / SECOND} s`);
  }
  const all = looks.length;
  await live(hub, 35 * DAY, DAY);
  assert.equal(looks.length, all, 'none after the last');
}

describe('a post without the link', () => {
  const AFTER_PING = [5 * MINUTE, 55 * MINUTE, 23 * HOUR];

  it('is looked at 5 min, 1 h and 24 h after the ping, and then rests until the next', async test => {
    const { hub, post, ping, status, link, listed } = await aPingedPost([test], it => it.says({}));
    assert.equal(await status(), 'unlinked');
    await climb(hub, post, AFTER_PING);
    assert.equal(await status(), 'unlinked');
    await ping();
    assert.equal(post.looks.length, 5);
    await climb(hub, post, AFTER_PING);
    post.says({ link });
    await ping();
    await listed();
  });
});

describe('a post that cannot be read', () => {
  const AFTER_FAILURES = [30 * SECOND, 5 * MINUTE, HOUR, DAY];

  for (const status of [404, 403, 429, 500]) {
    it(`(${status}) is looked at after 30 s, 5 min, 1 h and 24 h, and then rests until the next ping`, async test => {
      const pinged = await aPingedPost([test], post => post.fails(status));
      const { hub, post } = pinged;
      assert.equal(await pinged.status(), 'pending');
      await climb(hub, post, AFTER_FAILURES);
      assert.equal(await pinged.status(), 'unreachable');
      await pinged.ping();
      assert.equal(await pinged.status(), 'pending');
      await climb(hub, post, AFTER_FAILURES);
      post.says({ link: pinged.link });
      await pinged.ping();
      await pinged.listed();
    });
  }

  it('(503 with Retry-After) is left alone as long as its site asks', async test => {
    const { hub, post } = await aPingedPost([test], it => it.fails(503, { 'Retry-After': '7200' }));
    await climb(hub, post, [2 * HOUR, 2 * HOUR, 2 * HOUR, DAY]);
  });

  for (const [what, status, headers] of [
    ['410', 410, {}],
    ['no HTML', 200, { 'Content-Type': 'image/png' }],
  ] as const) {
    it(`(${what}) is looked at once, and again by a new ping`, async test => {
      const pinged = await aPingedPost([test], post => post.fails(status, headers));
      assert.equal(await pinged.status(), 'unreachable');
      await climb(pinged.hub, pinged.post, []);
      pinged.post.says({ link: pinged.link });
      await pinged.ping();
      await pinged.listed();
    });
  }
});
