import assert from 'node:assert/strict';
import { it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../support/clock.ts';
import { aHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { aWatchedPost, live, rest } from '../support/weeks.ts';

const TOPIC = 'night-sky';
const BASE_URL = 'http://hub.test';

it('a hub that was away for ten days owes each post one look, and then goes on as if it had been there', async test => {
  const before = await aHub(test, { config: { baseUrl: BASE_URL } });
  const { clock, blog, config } = before;
  const link = `${BASE_URL}/t/${TOPIC}`;
  const [young, old, unlinked, failing, withdrawn, gone] = [
    'young',
    'old',
    'unlinked',
    'failing',
    'withdrawn',
    'gone',
  ].map(title => {
    const post = aWatchedPost(before, `/${title}`);
    post.says(title === 'unlinked' ? { title } : { title, link });
    return post;
  });
  assert.ok(young && old && unlinked && failing && withdrawn && gone);

  for (const post of [old, withdrawn, gone]) await before.ping(TOPIC, { url: post.url });
  await live(before, HOUR - MINUTE, HOUR);
  withdrawn.says({ title: 'withdrawn' });
  gone.fails(410);
  await live(before, MINUTE, MINUTE);
  for (const post of [young, unlinked, failing]) {
    if (post === failing) post.fails(503);
    await before.ping(TOPIC, { url: post.url });
  }
  await rest(before);
  await before.stop();
  const all = { young, old, unlinked, failing, withdrawn, gone };
  const looks = () =>
    Object.fromEntries(Object.entries(all).map(([name, post]) => [name, post.looks.length]));
  assert.deepEqual(looks(), { young: 1, old: 2, unlinked: 1, failing: 1, withdrawn: 2, gone: 2 });

  clock.advance(10 * DAY);
  const after = await aHub(test, {
    config: {
      baseUrl: BASE_URL,
      dataDir: config.dataDir,
      mongodbUri: config.mongodbUri,
      fetchAllow: config.fetchAllow,
    },
    world: { now: clock.now, onMongodb: { askTime: async () => clock.now(), countMs: 10_000 } },
  });
  const hub = { ...after, clock };
  await rest(hub);
  assert.deepEqual(looks(), { young: 2, old: 3, unlinked: 2, failing: 2, withdrawn: 2, gone: 2 });

  failing.says({ title: 'failing', link });
  await live(hub, 5 * MINUTE, MINUTE);
  await until(async () => /<b>3<\/b> posts/.test(await after.text(`/t/${TOPIC}`)));
  await live(hub, DAY, HOUR);
  assert.deepEqual(looks(), { young: 3, old: 3, unlinked: 2, failing: 4, withdrawn: 2, gone: 2 });
  await live(hub, 20 * DAY, DAY);
  assert.deepEqual(looks(), { young: 4, old: 4, unlinked: 2, failing: 6, withdrawn: 3, gone: 2 });
  assert.equal(blog.requests.length, 4 + 4 + 2 + 6 + 3 + 2);
});
