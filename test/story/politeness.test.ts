import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { aPost } from '../support/blog.ts';
import { SECOND } from '../support/clock.ts';
import { aHub } from '../support/hub.ts';
import { anOpenNet } from '../support/open-net.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

/** An open net on which anybody's posts can be pinged, while honest blogs come along. */
async function aWorld(test: TestContext) {
  const { hub, blog: victim, at } = await anOpenNet(test);
  const preview = (url: string) =>
    fetch(`${hub.address}/submit`, {
      method: 'POST',
      body: new URLSearchParams({ url, topic: TOPIC, do: 'preview' }),
    });
  const ping = async (url: string) => assert.equal((await hub.ping(TOPIC, { url })).error, '0');
  let honestOnes = 0;

  return {
    hub,
    victim,
    pingVictim: (host: string, path: string) => ping(at(host, path)),
    previewVictim: (host: string, path: string) => preview(at(host, path)),
    at,
    /** Moves the clock, and lets a post of a new blog be pinged and looked at, behind all that is owed. */
    async later(ms: number) {
      hub.later(ms);
      const source = at(`honest-${++honestOnes}.test`, `/${honestOnes}`);
      await ping(source);
      // To its end, because the next one is at the same address, where four at once are all there may be.
      await until(
        () => hub.logged.some(line => line['msg'] === 'look' && line['source'] === source),
        'an honest post to be looked at',
      );
    },
  };
}

describe('a site that somebody wants to have looked at', () => {
  it('R13 gets 10 looks at once and 30 a minute, while nobody else waits', async test => {
    const { hub, victim, pingVictim, later } = await aWorld(test);
    const pinged = hub.clock.now();
    for (let n = 0; n < 1_000; n++) await pingVictim(n % 2 ? 'victim.test' : 'www.victim.test', `/?r=${n}`);
    await until(() => victim.requests.length === 10);
    for (let second = 2; second < 60; second += 2) {
      await later(2 * SECOND);
      const most = Math.min(10 + second / 2, 30);
      await until(() => victim.requests.length >= most, `look ${most}`);
      assert.equal(victim.requests.length, most);
    }
    const topic = await hub.storage.topics.bySlug(TOPIC);
    const waiting = await until(async () => {
      const all = await hub.storage.mentions.all(topic?.id ?? '', 2_000);
      const unseen = all.filter(({ evidence, sourceUrl }) => !evidence && sourceUrl.includes('victim'));
      return unseen.length === 970 && unseen;
    });
    assert.ok(waiting.every(({ attempts, due }) => attempts === 0 && due === pinged));
  });

  it('R14 gets 120 looks a minute at one address at most, under whatever names', async test => {
    const { victim, pingVictim, later } = await aWorld(test);
    for (let n = 0; n < 300; n++) await pingVictim(`blog-${n}.test`, '/post');
    await until(() => victim.requests.length >= 4);
    for (let second = 1; second < 60; second++) {
      await later(SECOND);
      const most = Math.min(30 + 2 * second, 120);
      assert.ok(victim.requests.length <= most, `${victim.requests.length} after ${second} s`);
    }
    await until(() => victim.requests.length >= 100);
    assert.ok(victim.requests.length <= 120);
  });

  it('R15 gets no more looks for a post that is pinged to a hundred topics, all of which are looked at', async test => {
    const { hub, blog, at } = await anOpenNet(test);
    const slugs = Array.from({ length: 100 }, (_, n) => `topic-${n}`);
    for (const slug of slugs) await hub.storage.topics.add({ slug, title: slug, definition: '' });
    const source = at('blog.test', '/everywhere');
    blog.put(
      '/everywhere',
      aPost({ text: slugs.map(slug => `<a href="${hub.hub.urls.topic(slug)}">.</a>`).join('') }),
    );
    const answers = await Promise.all(slugs.map(slug => hub.ping(slug, { url: source })));
    assert.ok(answers.every(answer => answer.error === '0'));
    const due = () => hub.storage.mentions.countDue();
    await until(async () => (await due()) === 0 || blog.requests.length === 10);
    // Whatever came when the ten were used up has one look together.
    hub.later(2 * SECOND);
    const topics = await hub.storage.topics.list();
    await until(async () => {
      const posts = await Promise.all(topics.map(({ id }) => hub.storage.mentions.all(id, 2)));
      return posts.flat().filter(mention => mention.status === 'listed').length === 100;
    });
    assert.ok(blog.requests.length <= 11, `${blog.requests.length} requests`);
  });

  it('F01 sees nothing of redirects to what is not public, which are no visits', async test => {
    const { hub, blog, at } = await anOpenNet(test);
    blog.put('/away', (_request, response) =>
      response.writeHead(302, { Location: 'http://private.test:22/' }).end(),
    );
    for (let n = 1; n <= 20; n++) {
      await hub.ping(TOPIC, { url: at(`blog-${n}.test`, '/away') });
      await until(() => hub.logged.filter(line => line['saw'] === 'not-public').length === n);
    }
  });

  it('is not looked at more often for previews, nor by way of another site, nor later for them', async test => {
    const { hub, victim, at, pingVictim, previewVictim } = await aWorld(test);
    victim.put('/away', (_request, response) =>
      response.writeHead(302, { Location: at('victim.test', '/there') }).end(),
    );
    for (let n = 0; n < 10; n++) assert.equal((await previewVictim('victim.test', `/${n}`)).status, 200);
    assert.equal(victim.requests.length, 10);
    for (let n = 0; n < 20; n++) {
      const refused = await previewVictim('www.victim.test', `/?r=${n}`);
      assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '2']);
      assert.match(await refused.text(), /We have looked at victim\.test often in the last minute/);
    }
    assert.equal((await previewVictim('short.test', '/away')).status, 503);
    assert.deepEqual(
      victim.requests.slice(10).map(({ path }) => path),
      ['/away'],
    );
    await pingVictim('victim.test', '/orion');
    hub.later(2 * SECOND);
    await until(() => victim.requests.some(({ path }) => path === '/orion'));
  });
});

describe('the server of a post', () => {
  it('reads from each request which hub comes, where that is, and why', async test => {
    const hub = await aHub(test, { config: { siteName: 'Star Hub', baseUrl: 'https://hub.example' } });
    await hub.ping(TOPIC, { url: hub.blog.at('/pinged') });
    const body = new URLSearchParams({ url: hub.blog.at('/tried'), topic: TOPIC, do: 'preview' });
    await fetch(`${hub.address}/submit`, { method: 'POST', body });
    await until(() => hub.blog.requests.length === 2);
    assert.deepEqual(
      hub.blog.requests.map(({ headers }) => headers['user-agent']),
      Array(2).fill('topichub (Star Hub; https://hub.example/; looking for the link of a ping)'),
    );
  });
});
