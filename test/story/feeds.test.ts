import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio';
import { aPost } from '../support/blog.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { readFeed } from '../support/feed.ts';
import { HOSTILE_TEXTS } from '../support/feed-samples.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const FORMS = {
  rss: 'application/rss+xml',
  atom: 'application/atom+xml',
  json: 'application/feed+json',
};

/** One post as a reader has it, from any form. */
interface Item {
  id: string;
  title: string;
  url: string;
  author: string;
  date: string;
  tags: string[];
}

async function itemsOf(hub: TestHub, path: string): Promise<Item[]> {
  const body = await hub.text(path);
  const seconds = (at: Date | null | undefined) => String(at?.toISOString().slice(0, 19));
  if (new URL(path, 'http://x').pathname.endsWith('.json')) {
    return JSON.parse(body).items.map((item: Record<string, unknown>) => ({
      id: item['id'],
      title: item['title'],
      url: item['url'],
      author: (item['authors'] as { name: string }[])[0]?.name,
      date: seconds(new Date(String(item['date_published']))),
      tags: item['tags'],
    }));
  }
  return (await readFeed(body)).items.map(item => ({
    id: String(item.guid),
    title: String(item.title),
    url: String(item.link),
    author: String(item.author),
    date: seconds(item.pubdate),
    tags: item.categories,
  }));
}

/** Publishes a post that links to these topics, pings them, and waits until it is in their feeds. */
async function publish(hub: TestHub, path: string, title: string, topics: string[]): Promise<void> {
  const links = topics.map(slug => `<a href="${hub.hub.urls.topic(slug)}">${slug}</a>`).join(' and ');
  hub.blog.put(path, aPost({ title, text: links }));
  for (const topic of topics) await hub.ping(topic, { url: hub.blog.at(path) });
  for (const topic of topics)
    await until(() => isShown(hub, topic, hub.blog.at(path)), `${title} in ${topic}`);
}

/** Whether a post is listed, and its settling over, so that every page knows of it. */
async function isShown(hub: TestHub, slug: string, url: string): Promise<boolean> {
  const topic = await hub.storage.topics.bySlug(slug);
  const listed = await hub.storage.mentions.listed(String(topic?.id), 100);
  const post = listed.find(entry => entry.url === url);
  return hub.logged.some(line => line['msg'] === 'look' && line['mention'] === post?.id);
}

describe('a reader follows a topic', () => {
  it('in any form, and gets the same posts with the same guids, dates and tags', async test => {
    const hub = await aHub(test);
    await publish(hub, '/1', 'Orion in winter', ['night-sky']);
    hub.clock.advance(MINUTE);
    await publish(hub, '/2', 'Rigel and Betelgeuse', ['night-sky']);
    const rss = await itemsOf(hub, '/t/night-sky.rss');
    assert.deepEqual(
      rss.map(item => item.title),
      ['Rigel and Betelgeuse', 'Orion in winter'],
    );
    assert.deepEqual(rss[0]?.tags, ['Night sky']);
    assert.deepEqual(await itemsOf(hub, '/t/night-sky.atom'), rss);
    assert.deepEqual(await itemsOf(hub, '/t/night-sky.json'), rss);
  });

  for (const [form, type] of Object.entries(FORMS)) {
    it(`as ${form}, with what readers and caches need`, async test => {
      const hub = await aHub(test);
      await publish(hub, '/1', 'Orion in winter', ['night-sky']);
      for (const path of [`/t/night-sky.${form}`, `/feed.${form}`, `/feed.${form}?in=night-sky`]) {
        const first = await hub.get(path);
        assert.equal(first.status, 200, path);
        assert.equal(first.headers.get('content-type'), `${type}; charset=utf-8`);
        assert.equal(first.headers.get('cache-control'), 'public, no-cache');
        const etag = String(first.headers.get('etag'));
        assert.match(etag, /^"/, 'a strong one');
        const modified = String(first.headers.get('last-modified'));
        assert.equal(Date.parse(modified), Math.floor(hub.clock.now() / 1_000) * 1_000);
        for (let poll = 0; poll < 2; poll++) {
          assert.equal((await hub.get(path, { 'if-none-match': etag })).status, 304);
          assert.equal((await hub.get(path, { 'if-modified-since': modified })).status, 304);
        }
        const head = await fetch(hub.address + path, { method: 'HEAD' });
        assert.deepEqual(
          [head.status, head.headers.get('etag'), head.headers.get('content-length'), await head.text()],
          [200, etag, first.headers.get('content-length'), ''],
        );
        await publish(hub, `${path}-more`, `More at ${path}`, ['night-sky']);
        assert.equal((await hub.get(path, { 'if-none-match': etag })).status, 200, 'after a change');
      }
    });

    it(`as ${form}, under a former name or in other letters, which lead on with 308`, async test => {
      const hub = await aHub(test);
      const topic = await hub.storage.topics.bySlug('night-sky');
      await hub.storage.topics.change(String(topic?.id), { slug: 'sky' });
      for (const path of [`/t/night-sky.${form}`, `/t/SKY.${form}`, `/t/sky.${form}/`]) {
        const answer = await hub.get(path);
        assert.deepEqual(
          [answer.status, answer.headers.get('location')],
          [308, `${hub.hub.urls.topic('sky')}.${form}`],
        );
      }
      const chosen = await hub.get(`/feed.${form}?in=night-sky`);
      assert.deepEqual(
        [chosen.status, chosen.headers.get('location')],
        [308, `${hub.hub.urls.home}feed.${form}?in=sky`],
      );
      assert.equal((await hub.get(`/t/unknown.${form}`)).status, 404);
    });
  }

  it('before anybody has written about it: every form is a valid feed without a post', async test => {
    const hub = await aHub(test);
    for (const form of Object.keys(FORMS))
      for (const path of [`/t/night-sky.${form}`, `/feed.${form}`])
        assert.deepEqual(await itemsOf(hub, path), [], path);
  });

  it('and finds the feeds from the page, by its head and by its headers', async test => {
    const hub = await aHub(test);
    for (const [path, feed] of [
      ['/t/night-sky', '/t/night-sky'],
      ['/t/night-sky/follow', '/t/night-sky'],
      ['/', '/feed'],
      ['/follow', '/feed'],
    ] as const) {
      const answer = await hub.get(path);
      const $ = load(await answer.text());
      const links = String(answer.headers.get('link')).split(', ');
      for (const [form, type] of Object.entries(FORMS)) {
        const href = `${hub.hub.urls.at(feed)}.${form}`;
        assert.ok(links.includes(`<${href}>; rel="alternate"; type="${type}"`), `${path} ${href}`);
        assert.equal($(`link[rel=alternate][type="${type}"]`).attr('href'), href, path);
        assert.equal((await fetch(href)).status, 200);
      }
    }
    const topic = await hub.text('/t/night-sky');
    assert.ok(topic.includes(`href="${hub.hub.urls.followTopic('night-sky')}"`));
    assert.match(await hub.text('/'), /One feed of <a href="[^"]+\/follow">all topics<\/a>/);
    assert.equal((await hub.get('/t/Night-Sky/follow')).status, 308);
    assert.equal((await hub.get('/t/unknown/follow')).status, 404);
  });

  it('and no post can break a feed for all others', async test => {
    const hub = await aHub(test);
    const escaped = (text: string) =>
      text.toWellFormed().replace(/[&<>]/g, sign => `&#${sign.charCodeAt(0)};`);
    for (const [n, text] of HOSTILE_TEXTS.entries()) {
      hub.blog.put(
        `/${n}`,
        aPost({ title: escaped(text), text: escaped(text), link: hub.hub.urls.topic('night-sky') }),
      );
      await hub.ping('night-sky', { url: hub.blog.at(`/${n}`), title: text, excerpt: text, blog_name: text });
    }
    await until(async () => (await itemsOf(hub, '/feed.json')).length === HOSTILE_TEXTS.length);
    for (const form of Object.keys(FORMS))
      assert.equal((await itemsOf(hub, `/t/night-sky.${form}`)).length, HOSTILE_TEXTS.length, form);
  });
});

describe('a reader follows everything', () => {
  it('and has a post of two topics once, with both as tags, at the time of its first listing', async test => {
    const hub = await aHub(test);
    await publish(hub, '/both', 'Bread by moonlight', ['bread-baking']);
    const [before] = await itemsOf(hub, '/feed.rss');
    hub.clock.advance(HOUR);
    await publish(hub, '/sky', 'Orion in winter', ['night-sky']);
    hub.clock.advance(HOUR);
    await publish(hub, '/both', 'Bread by moonlight', ['bread-baking', 'night-sky']);
    for (const form of Object.keys(FORMS)) {
      const items = await itemsOf(hub, `/feed.${form}`);
      assert.deepEqual(
        items.map(item => [item.title, item.tags]),
        [
          ['Orion in winter', ['Night sky']],
          ['Bread by moonlight', ['Bread baking', 'Night sky']],
        ],
      );
      assert.deepEqual(items[1], { ...before, tags: ['Bread baking', 'Night sky'] });
      const [ofTopic] = await itemsOf(hub, `/t/night-sky.${form}`);
      assert.equal(ofTopic?.id, before?.id, 'one guid everywhere');
    }
  });

  it('or only some topics, or all but some', async test => {
    const hub = await aHub(test);
    await publish(hub, '/bread', 'Rye', ['bread-baking']);
    await publish(hub, '/sky', 'Orion', ['night-sky']);
    await publish(hub, '/sites', 'Markdown', ['static-site-generators']);
    const titles = async (query: string) =>
      (await itemsOf(hub, `/feed.rss${query}`)).map(item => item.title).sort();
    assert.deepEqual(await titles(''), ['Markdown', 'Orion', 'Rye']);
    assert.deepEqual(await titles('?in=bread-baking,night-sky'), ['Orion', 'Rye']);
    assert.deepEqual(await titles('?not=night-sky'), ['Markdown', 'Rye']);
    assert.deepEqual(await titles('?in=bread-baking%2Cnight-sky&utm_source=x'), ['Orion', 'Rye']);
    const { meta } = await readFeed(await hub.text('/feed.atom?in=bread-baking,night-sky'));
    assert.equal(meta.xmlurl, hub.hub.urls.hubFeed('atom', '?in=bread-baking,night-sky'));
  });

  it('and sees a change of any chosen topic at once, and of no other', async test => {
    const hub = await aHub(test);
    const etag = async (path: string) => (await hub.get(path)).headers.get('etag');
    const paths = ['/feed.rss', '/feed.rss?in=night-sky', '/feed.rss?not=night-sky'];
    const before = await Promise.all(paths.map(etag));
    await publish(hub, '/1', 'Orion in winter', ['night-sky']);
    const after = await Promise.all(paths.map(etag));
    assert.deepEqual(
      paths.filter((_, n) => before[n] !== after[n]),
      ['/feed.rss', '/feed.rss?in=night-sky'],
    );
  });

  it('by another form of the same query, which leads on to the one form', async test => {
    const hub = await aHub(test);
    const { home } = hub.hub.urls;
    for (const [asked, one] of [
      ['feed.rss?in=night-sky,bread-baking', 'feed.rss?in=bread-baking,night-sky'],
      ['feed.atom?in=night-sky,bread-baking&not=night-sky', 'feed.atom?in=bread-baking'],
      ['feed.json?not=long-gone', 'feed.json'],
      ['feed.json?in=', 'feed.json'],
      ['FEED.rss', 'feed.rss'],
    ]) {
      const answer = await hub.get(`/${asked}`);
      assert.deepEqual([answer.status, answer.headers.get('location')], [308, `${home}${one}`], asked);
      assert.equal((await fetch(`${home}${one}`)).status, 200);
    }
  });

  it('but of a topic that is not there: a page that says which', async test => {
    const hub = await aHub(test);
    const answer = await hub.get('/feed.rss?in=night-sky,bred-baking');
    assert.equal(answer.status, 404);
    assert.match(String(answer.headers.get('content-type')), /^text\/html/);
    assert.equal(answer.headers.get('x-robots-tag'), 'noindex');
    const page = await answer.text();
    assert.match(page, /<bdi>bred-baking<\/bdi>/);
    assert.match(page, /Did you mean <code[^>]*>bread-baking/);
    assert.equal((await hub.get('/feed.rss?in=night-sky&not=night-sky')).status, 404);
  });

  it('and however many put their own feeds together, the topic pages stay in memory', async test => {
    const hub = await aHub(test);
    await publish(hub, '/1', 'Orion in winter', ['night-sky']);
    const all = await hub.storage.topics.list();
    const [post] = await hub.storage.mentions.latest(
      all.map(topic => topic.id),
      1,
    );
    assert.ok(post);
    // A feed of 2.2 MB: with its compressed forms, two of them are more than 8 MiB, and 18 more than 64.
    const shown = { ...post.shown, excerpt: 'Three stars in a row. '.repeat(100_000) };
    const latest = test.mock.method(hub.storage.mentions, 'latest', async () => [{ ...post, shown }]);
    const listed = test.mock.method(hub.storage.mentions, 'listed');
    const timesMade = async (made: { callCount: () => number }, paths: string[]) => {
      const before = made.callCount();
      for (const path of paths) assert.equal((await hub.get(path)).status, 200, path);
      return made.callCount() - before;
    };
    const pages = ['/t/night-sky', '/t/night-sky.rss'];
    const chosen = ['rss', 'atom', 'json'].flatMap(form =>
      all.flatMap(({ slug }) => [`/feed.${form}?in=${slug}`, `/feed.${form}?not=${slug}`]),
    );
    const [first = '', ...others] = chosen;
    assert.ok(chosen.length >= 18);
    assert.equal(await timesMade(listed.mock, [...pages, ...pages]), 2);

    assert.equal(await timesMade(latest.mock, [first, first]), 1, 'kept, too');
    assert.equal(await timesMade(latest.mock, [...others.slice(0, 4), first]), 5, 'but not many of them');
    assert.equal(await timesMade(latest.mock, others), others.length);
    assert.equal(await timesMade(listed.mock, pages), 0);
  });

  it('and never has the feed over all topics instead of a part of it, not even while the store is away', async test => {
    const hub = await aHub(test);
    await publish(hub, '/1', 'Orion in winter', ['night-sky']);
    assert.match(await hub.text('/feed.rss'), /Orion/);
    test.mock.method(hub.storage.topics, 'list', () => Promise.reject(new Error('disk I/O error')));
    hub.clock.advance(MINUTE);
    assert.equal((await hub.get('/feed.rss')).status, 200, 'as it was last');
    const part = await hub.get('/feed.rss?not=night-sky');
    assert.deepEqual([part.status, part.headers.get('retry-after')], [503, '30']);
  });

  it('nor the newest posts of a topic instead of older ones', async test => {
    const hub = await aHub(test);
    await publish(hub, '/1', 'Orion in winter', ['night-sky']);
    assert.match(await hub.text('/t/night-sky'), /Orion/);
    test.mock.method(hub.storage.topics, 'bySlug', () => Promise.reject(new Error('disk I/O error')));
    hub.clock.advance(MINUTE);
    assert.equal((await hub.get('/t/night-sky')).status, 200, 'as it was last');
    assert.equal((await hub.get('/t/night-sky?before=x')).status, 503);
  });
});
