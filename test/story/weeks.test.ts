import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { readFeed } from '../support/feed.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { aWatchedPost, live, rest } from '../support/weeks.ts';

const TOPIC = 'night-sky';

const shows = (hub: TestHub, title: string) =>
  until(async () => (await hub.text(`/t/${TOPIC}`)).includes(title), `the topic page to show ${title}`);

const hides = (hub: TestHub, title: string) =>
  until(async () => !(await hub.text(`/t/${TOPIC}`)).includes(title), `the topic page without ${title}`);

/** The list as subscribers get it: what must not change when a post was away for a while. */
async function entries(hub: TestHub) {
  const { items } = await readFeed(await hub.text(`/t/${TOPIC}.rss`));
  return items.map(({ title, guid, pubdate }) => ({ title, guid, at: pubdate?.getTime() }));
}

/** A hub with one post that is listed, and what subscribers were told of it. */
async function aListedPost(...[test, over]: Parameters<typeof aHub>) {
  const hub = await aHub(test, over);
  const post = aWatchedPost(hub);
  const ping = () => hub.ping(TOPIC, { url: post.url });
  await ping();
  await shows(hub, 'Orion in winter');
  await rest(hub);
  return { hub, post, link: hub.hub.urls.topic(TOPIC), ping, told: await entries(hub) };
}

describe('a listed post', () => {
  it('is looked at after 1 h, 24 h, 7 days and then every 30 days, and never in between', async test => {
    const { hub, post, told } = await aListedPost(test);
    await live(hub, 25 * HOUR, HOUR);
    await live(hub, 70 * DAY, 6 * HOUR);
    const week = 25 * HOUR + 7 * DAY;
    assert.deepEqual(post.looks, [0, HOUR, 25 * HOUR, week, week + 30 * DAY, week + 60 * DAY]);
    assert.deepEqual(await entries(hub), told);
  });

  it('is looked at a little earlier by chance, but for the first hour', async test => {
    const { hub, post } = await aListedPost(test, { world: { chance: () => 0.5 } });
    const almost = (ms: number) => live(hub, ms - SECOND, ms - SECOND);
    for (const [n, wait] of [HOUR, 0.95 * DAY, 0.95 * 7 * DAY, 0.95 * 30 * DAY].entries()) {
      await almost(wait);
      assert.equal(post.looks.length, n + 1);
      await live(hub, SECOND, SECOND);
      assert.equal(post.looks.length, n + 2);
    }
  });

  it('begins this anew with each ping', async test => {
    const { hub, post, ping } = await aListedPost(test);
    await live(hub, 2 * DAY, HOUR);
    await ping();
    await live(hub, 25 * HOUR, HOUR);
    assert.deepEqual(
      post.looks.slice(3),
      [0, HOUR, 25 * HOUR].map(after => 2 * DAY + after),
    );
  });
});

describe('L15 F25 S12 a listed post whose link was taken out', () => {
  /** Three posts, listed an hour apart, of which the middle one is withdrawn at its first look. */
  async function aWithdrawnPost(...[test]: Parameters<typeof aHub>) {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic(TOPIC);
    const posts = ['Antares', 'Betelgeuse', 'Capella'].map(title => {
      const post = aWatchedPost(hub, `/${title}`);
      post.says({ title, link });
      return post;
    });
    for (const { url } of posts) {
      await hub.ping(TOPIC, { url });
      await live(hub, 10 * MINUTE, 10 * MINUTE);
    }
    await shows(hub, 'Capella');
    const told = await entries(hub);
    assert.deepEqual(
      told.map(entry => entry.title),
      ['Capella', 'Betelgeuse', 'Antares'],
    );
    const [, post] = posts;
    assert.ok(post);
    post.says({ title: 'Betelgeuse' });
    const back = () => post.says({ title: 'Betelgeuse', link });
    return { hub, post, told, back };
  }

  it('is withdrawn at the next look, and no page and no feed shows it any more', async test => {
    const { hub, post } = await aWithdrawnPost(test);
    await shows(hub, 'Betelgeuse');
    await live(hub, 2 * HOUR, 10 * MINUTE);
    assert.equal(post.looks.length, 2);
    await hides(hub, 'Betelgeuse');
    const addresses = ['/', '/t/night-sky.rss', '/t/night-sky.atom', '/t/night-sky.json', '/feed.json'];
    for (const address of addresses) {
      const text = await hub.text(address);
      assert.doesNotMatch(text, /Betelgeuse/, address);
      if (address !== '/') assert.match(text, /Antares/, address);
    }
    assert.match(await hub.text(`/t/${TOPIC}`), /<b>2<\/b> posts/);
  });

  it('just after the look of the first hour is withdrawn a day later', async test => {
    const { hub, post } = await aListedPost(test);
    await live(hub, HOUR, HOUR);
    post.says({});
    await live(hub, DAY - SECOND, HOUR);
    await shows(hub, 'Orion in winter');
    await live(hub, SECOND, SECOND);
    await hides(hub, 'Orion in winter');
  });

  it('is back 30 days later, when the link is, in its old place', async test => {
    const { hub, post, told, back } = await aWithdrawnPost(test);
    await live(hub, 2 * HOUR, 10 * MINUTE);
    await hides(hub, 'Betelgeuse');
    back();
    await live(hub, 29 * DAY, 6 * HOUR);
    assert.equal(post.looks.length, 2);
    assert.equal((await entries(hub)).length, 2);
    await live(hub, DAY, 6 * HOUR);
    await shows(hub, 'Betelgeuse');
    assert.deepEqual(await entries(hub), told);
    await live(hub, HOUR, 10 * MINUTE);
    assert.equal(post.looks.length, 4, 'and is looked at an hour later, as any that was just listed');
  });

  it('is back at once by a new ping, in its old place', async test => {
    const { hub, post, told, back } = await aWithdrawnPost(test);
    await live(hub, 2 * HOUR, 10 * MINUTE);
    await hides(hub, 'Betelgeuse');
    back();
    await hub.ping(TOPIC, { url: post.url });
    await shows(hub, 'Betelgeuse');
    assert.deepEqual(await entries(hub), told);
  });

  it('stays withdrawn while the link is missing, and is looked at every 30 days', async test => {
    const { hub, post } = await aWithdrawnPost(test);
    await live(hub, 2 * HOUR, 10 * MINUTE);
    await live(hub, 100 * DAY, DAY);
    assert.equal(post.looks.length, 2 + 3);
    await hides(hub, 'Betelgeuse');
  });
});

describe('S07 a post whose link is turned to another topic before each ping', () => {
  it('is listed where it leads at once, and within a day nowhere else', async test => {
    const { hub, post } = await aListedPost(test);
    const lists = async (topic: string) => (await hub.text(`/t/${topic}`)).includes('<b>1</b> post');
    for (const [to, from] of [
      ['bread-baking', TOPIC],
      [TOPIC, 'bread-baking'],
    ] as const) {
      await live(hub, MINUTE, MINUTE);
      post.says({ link: hub.hub.urls.topic(to) });
      await hub.ping(to, { url: post.url });
      await until(() => lists(to), `${to} to list it`);
      await live(hub, DAY, HOUR);
      await until(async () => !(await lists(from)), `${from} to list it no more`);
      assert.ok(await lists(to));
    }
  });
});

for (const [what, status, headers] of [
  ['is gone (410)', 410, {}],
  ['is no page any more', 200, { 'Content-Type': 'application/pdf' }],
] as const) {
  describe(`L14 a listed post that ${what}`, () => {
    it('is withdrawn at once, never looked at again by ourselves, and back by a new ping', async test => {
      const { hub, post, link, ping, told } = await aListedPost(test);
      post.fails(status, headers);
      await live(hub, HOUR, HOUR);
      await hides(hub, 'Orion in winter');
      post.says({ link });
      await live(hub, 100 * DAY, 10 * DAY);
      assert.equal(post.looks.length, 2);
      await ping();
      await shows(hub, 'Orion in winter');
      assert.deepEqual(await entries(hub), told);
    });
  });
}

describe('L13 a listed post that cannot be read', () => {
  for (const status of [404, 403, 429, 500, 503]) {
    it(`(${status}) is asked daily, withdrawn when that went on for 3 days, and then asked every 30 days`, async test => {
      const { hub, post, link, told } = await aListedPost(test);
      post.fails(status);
      await live(hub, HOUR + 3 * DAY - SECOND, HOUR);
      assert.deepEqual(post.looks, [0, HOUR, HOUR + DAY, HOUR + 2 * DAY]);
      assert.deepEqual(await entries(hub), told);
      await live(hub, SECOND, SECOND);
      assert.equal(post.looks.length, 5);
      await hides(hub, 'Orion in winter');
      await live(hub, 30 * DAY, DAY);
      assert.equal(post.looks.length, 6);
      post.says({ link });
      await live(hub, 30 * DAY - SECOND, DAY);
      assert.equal(post.looks.length, 6);
      await live(hub, SECOND, SECOND);
      await shows(hub, 'Orion in winter');
      assert.deepEqual(await entries(hub), told);
    });
  }

  it('because nothing answers, is asked daily too, and stays meanwhile', async test => {
    const { hub, told } = await aListedPost(test);
    let asked = 0;
    hub.blog.put('/orion', request => {
      asked += 1;
      request.socket.destroy();
    });
    await live(hub, HOUR + 2 * DAY, HOUR);
    assert.equal(asked, 3);
    assert.deepEqual(await entries(hub), told);
    await live(hub, DAY, HOUR);
    await hides(hub, 'Orion in winter');
  });

  it('and then can, has its failures behind it', async test => {
    const { hub, post, link } = await aListedPost(test);
    post.fails(503);
    await live(hub, HOUR + DAY, HOUR);
    post.says({ link });
    await live(hub, DAY, HOUR);
    assert.equal(post.looks.length, 4);
    post.fails(503);
    await live(hub, 4 * DAY - SECOND, HOUR);
    assert.equal(post.looks.length, 7, 'three failures since');
    await shows(hub, 'Orion in winter');
    await live(hub, SECOND, SECOND);
    await hides(hub, 'Orion in winter');
  });

  it('is not withdrawn by many pings that make it fail more often', async test => {
    const { hub, post, ping, told } = await aListedPost(test);
    post.fails(503);
    for (let n = 0; n < 5; n++) {
      await live(hub, 11 * MINUTE, 11 * MINUTE);
      await ping();
      await rest(hub);
    }
    assert.equal(post.looks.length, 6);
    await live(hub, 2 * DAY, HOUR);
    assert.deepEqual(await entries(hub), told);
  });
});
