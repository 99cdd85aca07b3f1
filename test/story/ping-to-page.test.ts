import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aBlog, aPost } from '../support/blog.ts';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { readFeed } from '../support/feed.ts';
import { aHub, readAnswer, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

const shows = (hub: TestHub, text: string | RegExp) =>
  until(async () => {
    const page = await hub.text(`/t/${TOPIC}`);
    return (typeof text === 'string' ? page.includes(text) : text.test(page)) && page;
  }, `the topic page to show ${text}`);

const hides = (hub: TestHub, text: string) =>
  until(async () => !(await hub.text(`/t/${TOPIC}`)).includes(text), `the topic page without ${text}`);

/** Waits until the hub has looked at a post, and says what it saw. */
const looked = (hub: TestHub, times = 1) =>
  until(() => {
    const looks = hub.logged.filter(line => line['msg'] === 'look');
    return looks.length >= times && looks.at(-1);
  }, `look number ${times}`);

describe('a blog pings a topic', () => {
  it('and its post is on the page and in the feed', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const answer = await hub.ping(TOPIC, {
      url: hub.blog.at('/orion'),
      title: 'Orion in winter',
      excerpt: 'Three stars in a row',
      blog_name: 'Starlight',
    });
    assert.equal(answer.error, '0');
    assert.match(String(answer.message), /recorded/);

    const page = await shows(hub, 'Orion in winter');
    assert.match(page, /Three stars in a row/);
    assert.match(page, /<b>1<\/b> post from <b>1<\/b> blog/);
    const { items, meta } = await readFeed(await hub.text(`/t/${TOPIC}.rss`));
    assert.equal(items.length, 1);
    assert.equal(items[0]?.title, 'Orion in winter');
    assert.equal(items[0]?.link, hub.blog.at('/orion'));
    assert.equal(items[0]?.author, 'Starlight');
    assert.equal(items[0]?.pubdate?.getTime(), Math.floor(hub.clock.now() / 1000) * 1000);
    assert.equal(meta.xmlurl, hub.hub.urls.feed(TOPIC, 'rss'));
  });

  it('but its post does not link there, so it is not listed; it is once the link is in', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    assert.equal((await hub.ping(TOPIC, { url: hub.blog.at('/orion') })).error, '0');
    assert.equal((await looked(hub))['status'], 'unlinked');
    assert.match(await hub.text(`/t/${TOPIC}`), /No posts yet/);

    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.later(5 * MINUTE);
    await shows(hub, 'Orion in winter');
  });

  it('with a link to the front page only, which never counts', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.home }));
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    assert.equal((await looked(hub))['status'], 'unlinked');
  });

  for (const [what, link] of [
    ['ping address', '/t/night-sky/trackback'],
    ['feed', '/t/night-sky.rss'],
    ['page with another scheme, a slash and a fragment', '/t/night-sky/#top'],
  ] as const) {
    it(`with a link to the topic's ${what}, which counts`, async test => {
      const hub = await aHub(test);
      hub.blog.put('/orion', aPost({ link: hub.address.replace('http:', 'https:') + link }));
      await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
      await shows(hub, 'Orion in winter');
    });
  }

  it('in Shift_JIS, and a Japanese reader can read it', async test => {
    const hub = await aHub(test);
    // 日本語の星空 and 日記, as a Movable Type of 2004 sends and serves them.
    const title = Buffer.from('93fa967b8cea82cc90af8bf3', 'hex');
    const name = Buffer.from('93fa8b4c', 'hex');
    const html = Buffer.concat([
      Buffer.from(
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><title>',
      ),
      title,
      Buffer.from('</title></head><body><p>'),
      name,
      Buffer.from(` <a href="${hub.hub.urls.topic(TOPIC)}">topic</a></p></body></html>`),
    ]);
    hub.blog.put('/sora', { type: 'text/html', body: html });
    const escaped = (bytes: Buffer) => bytes.toString('hex').replace(/../g, '%$&');
    const form = `title=${escaped(title)}&url=${encodeURIComponent(hub.blog.at('/sora'))}&blog_name=${escaped(name)}`;
    const response = await fetch(`${hub.address}/t/${TOPIC}/trackback`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=Shift_JIS' },
      body: form,
    });
    assert.equal(readAnswer(await response.text()).error, '0');
    const page = await shows(hub, '日本語の星空');
    assert.match(page, /lang="ja"/);
    assert.match(page, /日記/);
    const { items } = await readFeed(await hub.text(`/t/${TOPIC}.rss`));
    assert.deepEqual([items[0]?.title, items[0]?.author], ['日本語の星空', '日記']);
  });

  it('S07 again after an edit, and the new words are shown with the old place and guid', async test => {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic(TOPIC);
    hub.blog.put('/orion', aPost({ link }));
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await shows(hub, 'Orion in winter');
    const before = (await readFeed(await hub.text(`/t/${TOPIC}.rss`))).items[0];

    hub.blog.put('/orion', aPost({ link, title: 'Orion, corrected' }));
    hub.clock.advance(HOUR / 2);
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    const page = await shows(hub, 'Orion, corrected');
    assert.doesNotMatch(page, /Orion in winter/);
    const after = (await readFeed(await hub.text(`/t/${TOPIC}.rss`))).items[0];
    assert.equal(after?.guid, before?.guid);
    assert.match(String(after?.guid), /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5/);
    assert.deepEqual(after?.pubdate, before?.pubdate);
  });

  it('L13 and anyone pings it again while its page is missing (404), which takes nothing down', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await shows(hub, 'Orion in winter');
    hub.blog.remove('/orion');
    hub.later(HOUR);
    await looked(hub, 2);
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    hub.later(HOUR);
    assert.match(await hub.text(`/t/${TOPIC}`), /Orion in winter/);
  });

  it('during an outage of the blog, and is listed when the blog is back', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', (_request, response) => response.writeHead(503).end());
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    assert.equal((await looked(hub, 1))['status'], 'pending');
    hub.later(30 * SECOND);
    await looked(hub, 2);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.later(5 * MINUTE);
    await shows(hub, 'Orion in winter');
  });

  it('through a redirect, and the address it leads to is shown', async test => {
    const hub = await aHub(test);
    hub.blog.put('/short', (_request, response) => response.writeHead(301, { Location: '/orion' }).end());
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url: hub.blog.at('/short') });
    const page = await shows(hub, 'Orion in winter');
    assert.ok(page.includes(`href="${hub.blog.at('/orion')}"`));

    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await until(() => hub.logged.some(line => line['result'] === 'merged'));
    assert.equal((await readFeed(await hub.text(`/t/${TOPIC}.rss`))).items.length, 1);
  });

  it('F05 F06 with six redirects, or in a circle, or to this hub, which all lead nowhere', async test => {
    const hub = await aHub(test);
    for (let n = 0; n < 6; n++) {
      hub.blog.put(`/r${n}`, (_request, response) =>
        response.writeHead(302, { Location: `/r${n + 1}` }).end(),
      );
    }
    hub.blog.put('/r6', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.blog.put('/home', (_request, response) =>
      response.writeHead(302, { Location: hub.hub.urls.topic(TOPIC) }).end(),
    );
    await hub.ping(TOPIC, { url: hub.blog.at('/r0') });
    assert.equal((await looked(hub, 1))['saw'], 'redirects');
    await hub.ping(TOPIC, { url: hub.blog.at('/home') });
    assert.equal((await looked(hub, 2))['saw'], 'redirects');
    for (const [from, to] of ['ab', 'ba'].map(pair => [...pair])) {
      hub.blog.put(`/${from}`, (_request, response) => response.writeHead(302, { Location: `/${to}` }).end());
    }
    const before = hub.blog.requests.length;
    await hub.ping(TOPIC, { url: hub.blog.at('/a') });
    assert.equal((await looked(hub, 3))['saw'], 'redirects');
    assert.equal(hub.blog.requests.length - before, 6);
    await hub.ping(TOPIC, { url: hub.blog.at('/r1') });
    await shows(hub, 'Orion in winter');
  });

  it('with a link to a former address of the topic, which counts', async test => {
    const hub = await aHub(test);
    const topic = await hub.storage.topics.bySlug(TOPIC);
    await hub.storage.topics.change(String(topic?.id), { slug: 'dark-sky' });
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping('dark-sky', { url: hub.blog.at('/orion') });
    await until(async () => (await hub.text('/t/dark-sky')).includes('Orion in winter'));
  });

  it('F01 through a redirect to a front page, or to what is not public, and is not listed', async test => {
    const hub = await aHub(test);
    const secret = await aBlog(test);
    secret.put('/x', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.blog.put('/', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.blog.put('/home', (_request, response) => response.writeHead(302, { Location: '/' }).end());
    hub.blog.put('/in', (_request, response) => response.writeHead(302, { Location: secret.at('/x') }).end());
    await hub.ping(TOPIC, { url: hub.blog.at('/home') });
    assert.equal((await looked(hub, 1))['saw'], 'redirects');
    await hub.ping(TOPIC, { url: hub.blog.at('/in') });
    assert.equal((await looked(hub, 2))['saw'], 'not-public');
    assert.deepEqual(secret.requests, []);
  });

  it('that redirects away later: its listing does not go along to another site', async test => {
    const hub = await aHub(test);
    const other = await aBlog(test, '127.0.0.2');
    hub.allow(other);
    const link = hub.hub.urls.topic(TOPIC);
    other.put('/x', (_request, response) =>
      response.writeHead(301, { Location: hub.blog.at('/orion') }).end(),
    );
    other.put('/spam', aPost({ link, title: 'Cheap pills' }));
    hub.blog.put('/orion', aPost({ link }));
    await hub.ping(TOPIC, { url: other.at('/x') });
    await shows(hub, 'Orion in winter');
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await looked(hub, 2);
    other.put('/x', (_request, response) => response.writeHead(301, { Location: '/spam' }).end());
    hub.later(HOUR);
    await until(() => hub.logged.some(line => line['saw'] === 'moved'));
    const page = await shows(hub, 'Orion in winter');
    assert.doesNotMatch(page, /Cheap pills/);
    const { items } = await readFeed(await hub.text(`/t/${TOPIC}.rss`));
    assert.deepEqual(
      items.map(item => item.link),
      [hub.blog.at('/orion')],
    );
  });

  it('in two topics with one post, which is looked at once and has one guid', async test => {
    const hub = await aHub(test);
    const links = `<a href="${hub.hub.urls.topic('bread-baking')}">bread</a>`;
    hub.blog.put('/both', aPost({ link: hub.hub.urls.topic(TOPIC), text: links }));
    await Promise.all([
      hub.ping(TOPIC, { url: hub.blog.at('/both') }),
      hub.ping('bread-baking', { url: hub.blog.at('/both') }),
    ]);
    const guids = await until(async () => {
      const feeds = [await hub.text(`/t/${TOPIC}.rss`), await hub.text('/t/bread-baking.rss')];
      const items = (await Promise.all(feeds.map(readFeed))).flatMap(feed => feed.items);
      return items.length === 2 && items.map(item => item.guid);
    });
    assert.equal(guids[0], guids[1]);
  });
});

describe('a stranger', () => {
  it("pings an honest post with other words, and the page's own words are shown", async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, {
      url: hub.blog.at('/orion'),
      title: 'Cheap pills here',
      excerpt: 'Buy now at pills.example',
      blog_name: 'Pills',
    });
    const page = await shows(hub, 'Orion in winter');
    assert.match(page, /Three stars in a row/);
    assert.match(page, /Starlight/);
    for (const where of [`/t/${TOPIC}`, `/t/${TOPIC}.rss`, `/t/${TOPIC}/trackback?__mode=rss`]) {
      assert.doesNotMatch(await hub.text(where), /pills/i);
    }
  });

  it('pings a listed post with other words, and nothing of it changes', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url: hub.blog.at('/orion'), title: 'Orion in winter' });
    await shows(hub, 'Orion in winter');
    const before = (await hub.get(`/t/${TOPIC}`)).headers.get('etag');
    await hub.ping(TOPIC, { url: hub.blog.at('/orion'), title: 'Cheap pills here' });
    await looked(hub, 2);
    assert.equal((await hub.get(`/t/${TOPIC}`)).headers.get('etag'), before);
  });

  it('sends a page made to be slow, which is read like any other, and honest posts beside it are listed', async test => {
    const hub = await aHub(test);
    const other = await aBlog(test);
    hub.allow(other);
    hub.blog.put('/bomb', `<div>${'<div a="<p>">'.repeat(70_000)}`);
    other.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url: hub.blog.at('/bomb') });
    await hub.ping(TOPIC, { url: other.at('/orion') });
    await shows(hub, 'Orion in winter');
    await looked(hub, 2);
    const bomb = hub.logged.find(line => line['msg'] === 'look' && String(line['source']).endsWith('/bomb'));
    assert.equal(bomb?.['saw'], 'no-link');
  });
});

describe('the operator', () => {
  it('takes a post down for good, and a further ping of it is refused', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await shows(hub, 'Orion in winter');
    const { mentions, topics } = hub.storage;
    const topic = await topics.bySlug(TOPIC);
    const [mention] = await mentions.all(String(topic?.id), 10);
    await mentions.remove(String(topic?.id), String(mention?.key));
    hub.clock.advance(SECOND);
    await hides(hub, 'Orion in winter');
    const answer = await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    assert.deepEqual(
      [answer.error, answer.message],
      ['1', 'This post was taken off the list by the operator of this hub.'],
    );
  });
});
