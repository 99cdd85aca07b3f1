import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { aPost } from '../support/blog.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { aCall, readResponse } from '../support/pingback.ts';
import { sendRaw } from '../support/raw-client.ts';
import { requestsOf, reworded } from '../support/recorded.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

const post = (hub: TestHub, path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(hub.address + path, { method: 'POST', body, headers, redirect: 'manual' });

async function stored(hub: TestHub, slug = TOPIC) {
  const topic = await hub.storage.topics.bySlug(slug);
  return hub.storage.mentions.all(String(topic?.id), 10);
}

/** What each door is sent, the same thing in its own words. */
const DOORS = {
  pingback: {
    path: '/pingback',
    status: 200,
    body: (source: string, target: string) => aCall(source, target),
  },
  webmention: {
    path: '/webmention',
    status: 201,
    body: (source: string, target: string) => `${new URLSearchParams({ source, target })}`,
  },
} as const;

for (const [via, door] of Object.entries(DOORS)) {
  describe(`the ${via} door`, () => {
    const send = (hub: TestHub, source: string, target: string, headers: Record<string, string> = {}) =>
      post(hub, door.path, door.body(source, target), headers);

    /** An answer in the form of the door's protocol: no page, no stack, whatever was sent. */
    async function assertOwnForm(response: Response, what: string): Promise<string> {
      const text = await response.text();
      if (via === 'pingback') {
        assert.equal(response.status, 200, what);
        assert.equal(response.headers.get('content-type'), 'text/xml; charset=utf-8', what);
        readResponse(text);
      } else {
        assert.match(String(response.status), /^(?:201|400|500|503)$/, what);
        assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8', what);
        assert.match(text, /^[^<\n]{20,}\n$/, what);
      }
      assert.equal(response.headers.get('cache-control'), 'no-store', what);
      assert.doesNotMatch(text, /node_modules|\.ts:\d/, what);
      return text;
    }

    it('takes whatever Content-Type is declared, and a Range header on the POST', async test => {
      const hub = await aHub(test);
      const target = hub.hub.urls.topic(TOPIC);
      for (const type of [
        'text/xml',
        'application/xml; charset=utf-8',
        'text/html',
        'application/x-www-form-urlencoded',
        ';;;',
      ]) {
        const response = await send(hub, hub.blog.at('/1'), target, {
          'content-type': type,
          range: 'bytes=0-5120',
        });
        assert.equal(response.status, door.status, type);
        assert.match(await assertOwnForm(response, type), /is recorded/, type);
      }
      assert.equal((await stored(hub)).length, 1);
    });

    it('takes the address with a slash at its end, in other letters and with a query', async test => {
      const hub = await aHub(test);
      const body = door.body(hub.blog.at('/1'), hub.hub.urls.topic(TOPIC));
      for (const path of [`${door.path}/`, door.path.toUpperCase(), `${door.path}?x=%E0%A4%A`]) {
        assert.equal((await post(hub, path, body)).status, door.status, path);
      }
    });

    it('answers in its own form whatever is wrong (8.10, 8.11)', async test => {
      const hub = await aHub(test);
      const [source, target] = [hub.blog.at('/1'), hub.hub.urls.topic(TOPIC)];
      const good = door.body(source, target);
      const cases: [what: string, body: string | Uint8Array, headers?: Record<string, string>][] = [
        ['no body', ''],
        ['too large', 'x'.repeat(65_537)],
        ['10 MB', new Uint8Array(10_000_000)],
        ['compressed', gzipSync(good), { 'content-encoding': 'gzip' }],
        ['not compressed as it says', good, { 'content-encoding': 'gzip' }],
        ['an unknown coding', good, { 'content-encoding': 'zstd' }],
        ['JSON', '{"source":{"$gt":""}}', { 'content-type': 'application/json' }],
        ['I13', '{"__proto__":{"a":1}}', { 'content-type': 'application/json' }],
        ['multipart', '--x\r\n\r\n--x--', { 'content-type': 'multipart/form-data; boundary=x' }],
        ['I01', `source[$gt]=&target[$ne]=`],
        ['I08', `source[]=${source}&target[]=${target}`],
        ['I11', '__proto__[polluted]=1&constructor[prototype][polluted]=1'],
        ['I15', 'a=1&'.repeat(1_001)],
        ["the other one's form", DOORS[via === 'pingback' ? 'webmention' : 'pingback'].body(source, target)],
        ['bytes', Uint8Array.from({ length: 256 }, (_, n) => n)],
        ['S14 no source', door.body('', target)],
        ['no target', door.body(source, '')],
        ['U33', door.body('javascript:alert(1)', target)],
        ['U31', door.body(`http://user:pw@${hub.blog.pair}/1`, target)],
        ['U01', door.body('http://127.0.0.1:1/x', target)],
        ['too long', door.body(`http://blog.example/${'x'.repeat(3_000)}`, target)],
        ['I06', door.body(source, `${hub.address}/t/t1[$ne]`)],
        ['I09', door.body(source, `${hub.address}/t/../../admin`)],
        ['a prototype', door.body(source, `${hub.address}/t/__proto__`)],
        ['an undecodable target', door.body(source, `${hub.address}/t/%E0%A4%A`)],
        ['markup', door.body('http://<script>alert(1)</script>/', target)],
      ];
      for (const [what, body, headers] of cases) {
        const text = await assertOwnForm(await post(hub, door.path, body, headers), what);
        assert.doesNotMatch(text, /is recorded|Something broke/, what);
        if (headers) assert.match(text, /could not be read/, what);
      }
      assert.deepEqual(await stored(hub), []);
      assert.deepEqual(hub.blog.requests, []);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    });

    it('takes no more than it says, and not a byte less', async test => {
      const hub = await aHub(test);
      const most = via === 'pingback' ? 16_384 : 65_536;
      const good = door.body(hub.blog.at('/1'), hub.hub.urls.topic(TOPIC));
      const filled = (size: number) =>
        via === 'pingback' ? good.padEnd(size) : `${good}&x=`.padEnd(size, 'x');
      assert.match(await (await post(hub, door.path, filled(most))).text(), /is recorded/);
      assert.match(await (await post(hub, door.path, filled(most + 1))).text(), /too large/);
    });

    it('says so in its own form when something breaks inside', async test => {
      const hub = await aHub(test);
      test.mock.method(hub.storage.topics, 'bySlug', () => Promise.reject(new Error('disk I/O error')));
      const response = await send(hub, hub.blog.at('/1'), hub.hub.urls.topic(TOPIC));
      assert.match(await assertOwnForm(response, 'the store'), /could not be recorded/);
      test.mock.restoreAll();
      test.mock.method(hub.hub.urls, 'receipt', () => {
        throw new Error('broken inside');
      });
      const broken = await send(hub, hub.blog.at('/1'), hub.hub.urls.topic(TOPIC));
      assert.match(await assertOwnForm(broken, 'a bug'), /Something broke on our side/);
      assert.ok(hub.logged.some(line => JSON.stringify(line).includes('broken inside')));
    });

    it('answers every other method with 405, its Allow and a plain sentence', async test => {
      const hub = await aHub(test);
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
        const response = await fetch(hub.address + door.path, { method });
        assert.deepEqual([response.status, response.headers.get('allow')], [405, 'POST'], method);
        assert.match(String(response.headers.get('content-type')), /^text\/plain/);
        if (method !== 'HEAD') assert.match(await response.text(), /sent with POST\.\n$/, method);
      }
    });

    it('counts what it takes and what it turns away, and remembers why', async test => {
      const hub = await aHub(test);
      const target = hub.hub.urls.topic(TOPIC);
      await send(hub, hub.blog.at('/1'), target);
      await send(hub, hub.blog.at('/2'), hub.hub.urls.home);
      await send(hub, `http://${hub.blog.pair}/`, target);
      await post(hub, door.path, 'x'.repeat(65_537));
      await post(hub, door.path, '{}', { 'content-type': 'application/json' });
      const metrics = await hub.text('/metrics');
      for (const outcome of ['accepted', 'unknown-topic', 'not-post', 'too-large', 'unreadable']) {
        assert.match(metrics, new RegExp(`topichub_pings_total\\{door="${via}",outcome="${outcome}"\\} 1`));
      }
      assert.equal((await hub.storage.refusals.ofKey(`${hub.blog.pair}/2`))[0]?.reason, 'unknown-topic');
      assert.equal((await hub.storage.refusals.ofKey(hub.blog.pair))[0]?.reason, 'not-post');
    });

    it('knows a topic by a former slug and under the other addresses of the hub', async test => {
      const hub = await aHub(test, { config: { baseUrlAliases: ['http://old.example/hub'] } });
      hub.blog.put('/1', aPost({ link: 'https://old.example/hub/t/night-sky' }));
      const topic = await hub.storage.topics.bySlug(TOPIC);
      await hub.storage.topics.change(String(topic?.id), { slug: 'dark-sky' });
      const response = await send(hub, hub.blog.at('/1'), 'https://www.old.example/hub/t/night-sky.atom');
      assert.equal(response.status, door.status);
      await until(async () => (await hub.text('/t/dark-sky')).includes('Orion in winter'));
    });

    it('knows a topic by a receipt of it', async test => {
      const hub = await aHub(test);
      await hub.ping(TOPIC, { url: hub.blog.at('/1') });
      const receipt = hub.hub.urls.receipt(String((await stored(hub))[0]?.id));
      hub.blog.put('/1', aPost({ link: receipt }));
      assert.equal((await send(hub, hub.blog.at('/1'), receipt)).status, door.status);
      await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
      assert.equal((await stored(hub)).length, 1);
      const unknown = await send(hub, hub.blog.at('/1'), hub.hub.urls.receipt('0000000000'));
      assert.match(await unknown.text(), /not of a topic/);
    });

    it('lies below the path of BASE_URL', async test => {
      const hub = await aHub(test, { config: { baseUrl: 'https://club.example/hub' } });
      const body = door.body(hub.blog.at('/1'), 'https://club.example/hub/t/night-sky');
      assert.equal((await post(hub, `/hub${door.path}`, body)).status, door.status);
      assert.equal((await post(hub, door.path, body)).status, 404);
    });
  });
}

describe('one post', () => {
  it('as WordPress really sends it, Pingback and TrackBack within a second, is one entry with two doors', async test => {
    const hub = await aHub(test, { config: { baseUrlAliases: ['http://127.0.0.1:42000'] } });
    await hub.storage.topics.add({ slug: 'rust', title: 'Rust', definition: '' });
    hub.blog.put(
      '/2026/11/21/both/',
      aPost({ link: 'http://127.0.0.1:42000/t/rust', title: 'Both at once' }),
    );
    const [, pingback] = requestsOf('wordpress-pingback.txt');
    const [, trackback] = requestsOf('wordpress-trackback.txt');
    assert.ok(pingback && trackback);
    // The two recordings are of two posts of one blog, which are one post here, on our blog.
    const answers = await Promise.all([
      sendRaw(hub, reworded(pingback, { '127.0.0.1:42010': hub.blog.pair, 'only-a-link-0616026c0': 'both' })),
      sendRaw(
        hub,
        reworded(trackback, {
          '127.0.0.1%3A42010': encodeURIComponent(hub.blog.pair),
          'a-plain-trackback-061601821': 'both',
        }),
      ),
    ]);
    const receipts = answers.map(answer => /http[^ <]*\/pings\/[0-9a-z]{10}/.exec(answer)?.[0]);
    assert.ok(receipts[0]);
    assert.equal(receipts[0], receipts[1], 'both are told of the same receipt');
    const page = await until(async () => {
      const text = await hub.text('/t/rust');
      return text.includes('Both at once</a>') && text;
    });
    assert.equal(page.match(/Both at once<\/a>/g)?.length, 1);
    assert.match(page, /via <\/span>Pingback/);
    assert.match(page, /via <\/span>TrackBack/);
    const [mention, ...more] = await stored(hub, 'rust');
    assert.deepEqual(more, []);
    assert.deepEqual(mention?.doors.map(use => use.via).sort(), ['pingback', 'trackback']);
  });

  it('through every door, again and again, is one mention with one receipt', async test => {
    const hub = await aHub(test);
    const target = hub.hub.urls.topic(TOPIC);
    const receipts = new Set<string | undefined>();
    for (const source of [hub.blog.at('/1'), hub.blog.at('/1/?utm_source=x#top')]) {
      const answers = [
        (await hub.ping(TOPIC, { url: source })).body,
        ...(await Promise.all(
          Object.values(DOORS).map(async door =>
            (await post(hub, door.path, door.body(source, target))).text(),
          ),
        )),
      ];
      for (const answer of answers) receipts.add(/http[^ <]*\/pings\/[0-9a-z]{10}/.exec(answer)?.[0]);
    }
    const [mention, ...more] = await stored(hub);
    assert.deepEqual(more, []);
    assert.deepEqual([...receipts], [hub.hub.urls.receipt(String(mention?.id))]);
    assert.equal(mention?.doors.length, 3);
  });
});
