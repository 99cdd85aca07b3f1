import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aPost } from '../support/blog.ts';
import { assertWellFormed } from '../support/feed.ts';
import { aHub, readAnswer, type TestHub } from '../support/hub.ts';
import { sendRaw } from '../support/raw-client.ts';
import { recordings, requestsOf } from '../support/recorded.ts';
import { until } from '../support/until.ts';

const post = (hub: TestHub, path: string, body: string | Buffer = '', headers: Record<string, string> = {}) =>
  fetch(hub.address + path, { method: 'POST', body, headers, redirect: 'manual' });

describe('the TrackBack door', () => {
  it('answers every POST with 200 and XML of its one shape, whatever is wrong', async test => {
    const hub = await aHub(test);
    const ping = `url=${encodeURIComponent(hub.blog.at('/1'))}`;
    const cases: [what: string, path: string, body: string | Buffer, headers?: Record<string, string>][] = [
      ['a ping', '/t/night-sky/trackback', ping],
      ['with a slash', '/t/night-sky/trackback/', ping],
      ['in other letters', '/T/Night-Sky/TrackBack', ping],
      ['at the page', '/t/night-sky', ping],
      ['no body', '/t/night-sky/trackback', ''],
      ['an unknown topic', '/t/nobody/trackback', ping],
      ['I06 I09 no slug', '/t/t1%5B$ne%5D/trackback', ping],
      ['a path up', '/t/..%2Fadmin/trackback', ping],
      ['a prototype', '/t/__proto__/trackback', ping],
      ['an undecodable path', '/t/%E0%A4%A/trackback', ping],
      ['a large body', '/t/night-sky/trackback', 'x'.repeat(65_537)],
      ['a very large body', '/t/night-sky/trackback', Buffer.alloc(5_000_000, 'x')],
      ['a compressed body', '/t/night-sky/trackback', 'x', { 'content-encoding': 'gzip' }],
      ['JSON', '/t/night-sky/trackback', '{}', { 'content-type': 'application/json' }],
      ['a strange Content-Type', '/t/night-sky/trackback', ping, { 'content-type': ';;;' }],
    ];
    for (const [what, path, body, headers] of cases) {
      const response = await post(hub, path, body, headers);
      const xml = await response.text();
      assert.equal(response.status, 200, what);
      assert.equal(response.headers.get('content-type'), 'text/xml; charset=utf-8', what);
      assert.match(
        xml,
        /^<\?xml version="1.0" encoding="utf-8"\?>\n<response>\n<error>[01]<\/error>\n<message>[^<]+<\/message>\n<\/response>\n$/,
        what,
      );
      assertWellFormed(xml);
    }
    assert.equal((await hub.get('/livez')).status, 200);
  });

  it('says in plain words why a ping is refused, and stores nothing', async test => {
    const hub = await aHub(test);
    const cases: [field: string, words: RegExp][] = [
      ['', /no address of a post/],
      ['not an address', /not a full web address/],
      ['javascript:alert(1)', /not a full web address/],
      ['http://127.0.0.1:22/x', /not on the public web/],
      [`http://blog.example/${'x'.repeat(3_000)}`, /longer than 2048/],
      [hub.hub.urls.topic('night-sky'), /address of this hub/],
      [`http://${hub.blog.pair}/`, /front page/],
    ];
    for (const [url, words] of cases) {
      const answer = await hub.ping('night-sky', { url });
      assert.equal(answer.error, '1', url);
      assert.match(String(answer.message), words);
    }
    const topic = await hub.storage.topics.bySlug('night-sky');
    assert.deepEqual(await hub.storage.mentions.all(String(topic?.id), 10), []);
    assert.deepEqual(hub.blog.requests, []);
  });

  it('takes a body of 64 KiB and refuses one byte more', async test => {
    const hub = await aHub(test);
    const body = (size: number) => `url=${encodeURIComponent(hub.blog.at('/1'))}&excerpt=`.padEnd(size, 'x');
    const send = async (size: number) =>
      readAnswer(await (await post(hub, '/t/night-sky/trackback', body(size))).text());
    assert.equal((await send(65_536)).error, '0');
    assert.match(String((await send(65_537)).message), /too large/);
  });

  it('counts what it could not even read', async test => {
    const hub = await aHub(test);
    await post(hub, '/t/night-sky/trackback', 'title=x');
    await post(hub, '/t/night-sky/trackback', 'x'.repeat(65_537));
    const metrics = await hub.text('/metrics');
    for (const outcome of ['no-address', 'too-large']) {
      assert.match(metrics, new RegExp(`topichub_pings_total\\{door="trackback",outcome="${outcome}"\\} 1`));
    }
  });

  it('remembers why a ping with an address was refused', async test => {
    const hub = await aHub(test);
    await hub.ping('nobody', { url: hub.blog.at('/1') });
    const [refusal] = await hub.storage.refusals.ofKey(`${hub.blog.pair}/1`);
    assert.deepEqual([refusal?.reason, refusal?.count], ['unknown-topic', 1]);
    await hub.ping('night-sky', { url: `http://${hub.blog.pair}/` });
    assert.equal((await hub.storage.refusals.ofKey(hub.blog.pair))[0]?.reason, 'not-post');
  });

  it('Z02 R05 takes the same post 100 times at once as one mention, with 100 successes', async test => {
    const hub = await aHub(test);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => hub.ping('night-sky', { url: hub.blog.at('/1') })),
    );
    assert.ok(answers.every(answer => answer.error === '0'));
    const topic = await hub.storage.topics.bySlug('night-sky');
    assert.equal((await hub.storage.mentions.all(String(topic?.id), 10)).length, 1);
  });

  it('takes pings under a former slug without a redirect', async test => {
    const hub = await aHub(test);
    const topic = await hub.storage.topics.bySlug('night-sky');
    await hub.storage.topics.change(String(topic?.id), { slug: 'dark-sky' });
    assert.equal((await hub.ping('night-sky', { url: hub.blog.at('/1') })).error, '0');
  });

  it('says the ping was not recorded when the store cannot take it', async test => {
    const hub = await aHub(test);
    test.mock.method(hub.storage.topics, 'bySlug', () => Promise.reject(new Error('disk I/O error')));
    const answer = await hub.ping('night-sky', { url: hub.blog.at('/1') });
    assert.deepEqual(
      [answer.error, answer.message],
      ['1', 'The ping could not be recorded. Send it again later.'],
    );
  });

  it('answers other methods with 405 and says which it takes', async test => {
    const hub = await aHub(test);
    const response = await fetch(`${hub.address}/t/night-sky/trackback`, { method: 'PUT', body: 'x' });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD, POST']);
  });
});

describe('the TrackBack door, asked with GET', () => {
  it('shows people what this address is for', async test => {
    const hub = await aHub(test);
    const response = await hub.get('/t/night-sky/trackback');
    assert.equal(response.status, 200);
    assert.match(await response.text(), /This address is for blog software/);
    assert.equal((await hub.get('/t/nobody/trackback')).status, 404);
  });

  it('stores nothing of a ping in the query (I16), and says so', async test => {
    const hub = await aHub(test);
    const answer = readAnswer(
      await hub.text(`/t/night-sky/trackback?url=${encodeURIComponent(hub.blog.at('/1'))}`),
    );
    assert.equal(answer.error, '1');
    assert.match(String(answer.message), /POST/);
    const head = await fetch(`${hub.address}/t/night-sky/trackback?url=x`, { method: 'HEAD' });
    assert.match(String(head.headers.get('content-type')), /^text\/xml/);
    const topic = await hub.storage.topics.bySlug('night-sky');
    assert.deepEqual(await hub.storage.mentions.all(String(topic?.id), 10), []);
  });

  it('lists what is listed as RSS 0.91 inside a response', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic('night-sky'), title: 'A &lt; B &amp; C' }));
    await hub.ping('night-sky', { url: hub.blog.at('/1') });
    const xml = await until(async () => {
      const body = await hub.text('/t/night-sky/trackback?__mode=rss');
      return body.includes('<item>') && body;
    });
    assertWellFormed(xml);
    assert.match(xml, /<response>\n<error>0<\/error>\n<rss version="0.91"><channel>/);
    assert.match(xml, /<title>A &lt; B &amp; C<\/title>/);
    assert.equal(readAnswer(await hub.text('/t/nobody/trackback?__mode=rss')).error, '1');
  });
});

describe('what real software sends', () => {
  for (const name of recordings()) {
    it(`is taken byte for byte: ${name}`, async test => {
      const hub = await aHub(test);
      await hub.storage.topics.add({ slug: 'rust', title: 'Rust', definition: '' });
      for (const request of requestsOf(name)) {
        const answer = await sendRaw(hub, request);
        if (request.toString('latin1').startsWith('POST /t/')) {
          assert.match(answer, /^HTTP\/1\.1 200 OK/);
          // The recorded blogs live on loopback, which this hub was not told to allow.
          assert.match(
            answer,
            /<error>1<\/error>\n<message>The address of the post is not on the public web/,
          );
        } else if (request.toString('latin1').startsWith('POST /pingback')) {
          assert.match(answer, /^HTTP\/1\.1 200 OK[\s\S]*<int>33<\/int>[\s\S]*not an address of this hub/);
        } else if (/^(?:GET|HEAD) \/t\//.test(request.toString('latin1'))) {
          assert.match(answer, /^HTTP\/1\.1 200 OK/);
        }
      }
    });
  }

  it('and is recorded with its words when its blog may be asked: Movable Type in Shift_JIS', async test => {
    const hub = await aHub(test, { config: { fetchAllow: new Set(['127.0.0.1:42020']) } });
    const topic = await hub.storage.topics.add({ slug: 'rust', title: 'Rust', definition: '' });
    assert.ok(topic !== 'taken');
    for (const request of requestsOf('movabletype-trackback-shift-jis.txt')) await sendRaw(hub, request);
    const [mention] = await hub.storage.mentions.all(topic.id, 10);
    assert.deepEqual(mention?.claim, {
      title: 'トラックバックのテスト',
      excerpt: '日本語の抜粋、表示能力ソ',
      blogName: '日記',
    });
  });

  it('and is recorded with its words: WordPress, entities and all', async test => {
    const hub = await aHub(test, { config: { fetchAllow: new Set(['127.0.0.1:42010']) } });
    const topic = await hub.storage.topics.add({ slug: 'rust', title: 'Rust', definition: '' });
    assert.ok(topic !== 'taken');
    for (const request of requestsOf('wordpress-unicode.txt')) await sendRaw(hub, request);
    const [mention] = await hub.storage.mentions.all(topic.id, 10);
    assert.equal(mention?.claim.title, 'Über “naïve” & l’été – 日本語 😀 <tag> “quoted” 061604302');
    assert.equal(mention?.claim.blogName, 'Zoë & Co. “Notes” <b>');
    assert.match(String(mention?.claim.excerpt), /…$/);
  });

  it('HTTP/1.0, a Host without a port, the body in a segment of its own and line ends behind it: Dotclear', async test => {
    const hub = await aHub(test);
    const body = `title=x&url=${encodeURIComponent(hub.blog.at('/1'))}`;
    const head =
      'POST /t/night-sky/trackback HTTP/1.0\r\nHost: 127.0.0.1\r\nUser-Agent: Dotclear - https://dotclear.org/\r\n' +
      `Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n`;
    const answer = await sendRaw(hub, head, body, '\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 200 OK/);
    assert.match(answer, /<error>0<\/error>/);
    for (const tail of ['\r\n\r\n', '   ', '\0', 'xx', '&charset=utf-8']) {
      assert.match(
        await sendRaw(hub, `${head}${body}${tail}`),
        /^HTTP\/1\.1 200[\s\S]*<error>0<\/error>/,
        tail,
      );
      assert.match(await sendRaw(hub, head, body, tail), /^HTTP\/1\.1 200[\s\S]*<error>0<\/error>/, tail);
    }
    const inOne = await sendRaw(hub, `${head}${body}\r\n\r\n`);
    assert.match(inOne, /<error>0<\/error>/);
  });
});

describe('addresses', () => {
  it('lead on with 308 from other letters, a slash at the end or a former slug, query and all', async test => {
    const hub = await aHub(test);
    const topic = await hub.storage.topics.bySlug('night-sky');
    await hub.storage.topics.change(String(topic?.id), { slug: 'dark-sky' });
    for (const [path, to] of [
      ['/t/Dark-Sky', '/t/dark-sky'],
      ['/t/dark-sky/', '/t/dark-sky'],
      ['/T/dark-sky', '/t/dark-sky'],
      ['/t/night-sky?before=x', '/t/dark-sky?before=x'],
      ['/t/night-sky.rss', '/t/dark-sky.rss'],
      ['/t/Dark-Sky.RSS', '/t/dark-sky.rss'],
    ]) {
      const response = await hub.get(String(path));
      assert.deepEqual([response.status, response.headers.get('location')], [308, hub.address + to], path);
    }
  });

  it('that lead nowhere are a 404 page with a suggestion', async test => {
    const hub = await aHub(test);
    for (const path of [
      '/nothing',
      '/t/nobody',
      '/t/nobody.rss',
      '/t/%E0%A4%A',
      '/t/night-sky?before=x',
      '/..%2f..%2fetc/passwd',
      '/.git/config',
    ]) {
      const response = await hub.get(path);
      assert.equal(response.status, 404, path);
      assert.match(await response.text(), /Nothing is filed at this address/, path);
    }
    assert.match(await hub.text('/t/nigth-sky'), /Did you mean <a href="[^"]*\/t\/night-sky"><bdi>Night sky/);
  });

  it('come from BASE_URL and never from headers, though a proxy be believed (A12 A13 A14)', async test => {
    const hub = await aHub(test, { config: { baseUrl: 'https://hub.example', trustProxy: 1 } });
    for (const path of ['/', '/t/night-sky', '/t/night-sky.rss', '/t/night-sky/trackback', '/nothing']) {
      const body = await (
        await hub.get(path, { 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'javascript' })
      ).text();
      assert.match(body, /https:\/\/hub\.example\//, path);
      assert.doesNotMatch(body, /evil|javascript:|localhost|127\.0\.0\.1/, path);
    }
    const port = Number(new URL(hub.address).port);
    assert.ok(port > 0);
    assert.doesNotMatch(
      await sendRaw(hub, 'GET /t/night-sky HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n\r\n'),
      /evil/,
    );
  });

  it('lie below the path of BASE_URL, doors and all', async test => {
    const hub = await aHub(test, { config: { baseUrl: 'https://club.example/hub' } });
    for (const path of ['/hub/', '/hub/t/night-sky', '/hub/t/night-sky.rss', '/hub/livez']) {
      assert.equal((await hub.get(path)).status, 200, path);
    }
    assert.equal((await hub.get('/t/night-sky')).status, 404);
    const answer = readAnswer(await (await post(hub, '/hub/t/night-sky/trackback', 'title=x')).text());
    assert.equal(answer.error, '1');
    const css = /href="(\/hub\/site\.css\?v[^"]+)"/
      .exec(await hub.text('/hub/t/night-sky'))?.[1]
      ?.replace('&#x3D;', '=');
    assert.ok(css);
    assert.equal((await hub.get(css)).status, 200);
  });
});

describe('pages and feeds', () => {
  it('are answered with what caches and readers need', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic('bread-baking') }));
    await hub.ping('bread-baking', { url: hub.blog.at('/1') });
    await until(async () => (await hub.text('/t/bread-baking')).includes('Orion in winter'));
    for (const path of ['/t/bread-baking', '/t/bread-baking.rss', '/t/night-sky']) {
      const first = await hub.get(path);
      assert.equal(first.status, 200);
      const etag = String(first.headers.get('etag'));
      assert.match(etag, /^"/);
      assert.equal((await hub.get(path, { 'if-none-match': etag })).status, 304);
      assert.equal(
        (await hub.get(path, { 'if-modified-since': String(first.headers.get('last-modified')) })).status,
        304,
      );
      const head = await fetch(hub.address + path, { method: 'HEAD' });
      assert.equal(head.headers.get('etag'), etag);
      assert.match(String(first.headers.get('content-security-policy')), /default-src 'none'/);
    }
    const page = await hub.get('/t/night-sky');
    assert.match(
      await hub.text('/t/night-sky'),
      /Meanwhile, nearby[\s\S]*Bread baking/,
      'an empty topic shows what is new elsewhere at once',
    );
    assert.match(
      String(page.headers.get('link')),
      /night-sky\.rss>; rel="alternate"; type="application\/rss\+xml"/,
    );
    assert.equal(page.headers.get('x-robots-tag'), 'noindex');
    assert.equal(
      (await hub.get('/t/night-sky.rss')).headers.get('content-type'),
      'application/rss+xml; charset=utf-8',
    );
  });

  it('show 50 posts and the older ones behind them, each once', async test => {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic('night-sky');
    for (let n = 0; n < 60; n++) hub.blog.put(`/${n}`, aPost({ link, title: `Post number ${n}` }));
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => hub.ping('night-sky', { url: hub.blog.at(`/${n}`) })),
    );
    const first = await until(async () => {
      const page = await hub.text('/t/night-sky');
      return /<b>60<\/b> posts/.test(page) && page;
    });
    const older =
      /href="([^"]+)"[^>]*>Older/.exec(first)?.[1] ?? /rel="prev"[^>]*href="([^"]+)"/.exec(first)?.[1];
    assert.ok(older, 'there is a link to older posts');
    const address = new URL(older.replaceAll('&#x3D;', '='));
    const second = await hub.text(address.pathname + address.search);
    const titles = (page: string) => [...page.matchAll(/Post number (\d+)<\/a>/g)].map(match => match[1]);
    assert.equal(titles(first).length, 50);
    assert.equal(titles(second).length, 10);
    assert.equal(new Set([...titles(first), ...titles(second)]).size, 60);
  });
});
