import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import { keyOf } from '../../server/mentions/source-key.ts';
import { aPost } from '../support/blog.ts';
import { DAY, MINUTE } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

/** Pings a post and waits for what the look at it found. */
async function met(hub: TestHub, path: string, topic = TOPIC): Promise<Mention> {
  const before = hub.clock.now();
  await hub.ping(topic, { url: hub.blog.at(path) });
  return look(hub, path, before, topic);
}

async function look(hub: TestHub, path: string, since: number, topic = TOPIC): Promise<Mention> {
  const { id } = (await hub.storage.topics.bySlug(topic)) ?? assert.fail();
  return until(async () => {
    const mention = await hub.storage.mentions.find(id, keyOf(new URL(hub.blog.at(path))));
    return mention?.evidence && mention.evidence.at >= since && mention;
  }, `a look at ${path}`);
}

describe('what a look met is remembered', () => {
  it('of a listed post: how it was reached, and the link in its sentence', async test => {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic(TOPIC);
    const html = aPost({ link: `${link}?utm_source=blog` });
    hub.blog.put('/2026/orion', html);
    hub.blog.put('/short', (_request, response) => {
      hub.clock.advance(800);
      response.writeHead(302, { location: '/2026/orion' }).end();
    });
    const mention = await met(hub, '/short');
    assert.equal(mention.status, 'listed');
    assert.deepEqual(mention.evidence, {
      at: hub.clock.now(),
      saw: 'linked',
      finalUrl: hub.blog.at('/2026/orion'),
      redirects: 1,
      tookMs: 800,
      status: 200,
      bytes: Buffer.byteLength(html),
      links: 2,
      link: {
        to: 'page',
        address: `${link}?utm_source=blog`,
        sentence: 'Three stars in a row, seen with the night sky topic in mind.',
      },
      miss: null,
    });
  });

  it('of a post without the link: the nearest miss, until the link is in and counts', async test => {
    const hub = await aHub(test);
    const wrong = hub.hub.urls.topic('night-skies');
    const html = aPost({ link: wrong });
    hub.blog.put('/orion', html);
    const mention = await met(hub, '/orion');
    assert.equal(mention.status, 'unlinked');
    assert.deepEqual(mention.evidence, {
      at: hub.clock.now(),
      saw: 'no-link',
      finalUrl: hub.blog.at('/orion'),
      redirects: 0,
      tookMs: 0,
      status: 200,
      bytes: Buffer.byteLength(html),
      links: 2,
      link: null,
      miss: {
        kind: 'differs',
        address: wrong,
        sentence: 'Three stars in a row, seen with the night sky topic in mind.',
      },
    });

    hub.blog.put('/orion', aPost({ link: hub.hub.urls.trackback(TOPIC) }));
    hub.later(5 * MINUTE);
    const after = await look(hub, '/orion', hub.clock.now());
    assert.equal(after.status, 'listed');
    assert.equal(after.evidence?.link?.to, 'ping-address');
    assert.equal(after.evidence?.miss, null);
  });

  it('of a post that links to another topic: which one', async test => {
    const hub = await aHub(test);
    const other = (await hub.storage.topics.bySlug('bread-baking')) ?? assert.fail();
    await hub.storage.topics.change(other.id, { slug: 'sourdough' });
    const link = hub.hub.urls.feed('bread-baking', 'rss');
    hub.blog.put('/bread', aPost({ link }));
    const { evidence } = await met(hub, '/bread');
    assert.deepEqual(evidence?.miss, {
      kind: 'other-topic',
      topicId: other.id,
      address: link,
      sentence: 'Three stars in a row, seen with the night sky topic in mind.',
    });
    assert.equal((await met(hub, '/bread', 'sourdough')).evidence?.link?.to, 'feed');
  });

  it('of a post that links to the hub under another of its addresses: what that leads to', async test => {
    const alias = 'http://old.example/hub';
    const hub = await aHub(test, { config: { baseUrlAliases: ['http://older.example', alias] } });
    const other = (await hub.storage.topics.bySlug('bread-baking')) ?? assert.fail();
    const sentence = 'Three stars in a row, seen with the night sky topic in mind.';
    for (const [path, address, miss] of [
      ['/other', `${alias}/t/bread-baking`, { kind: 'other-topic', topicId: other.id }],
      [
        '/other-feed',
        'https://www.older.example/t/bread-baking.rss',
        { kind: 'other-topic', topicId: other.id },
      ],
      ['/front', `${alias}/`, { kind: 'front-page' }],
      ['/older-front', 'http://older.example/', { kind: 'front-page' }],
      ['/nearly', `${alias}/t/night-skies`, { kind: 'differs' }],
    ] as const) {
      hub.blog.put(path, aPost({ link: address }));
      const { status, evidence } = await met(hub, path);
      assert.equal(status, 'unlinked', path);
      assert.deepEqual(evidence?.miss, { ...miss, address, sentence }, path);
    }
    const address = `${alias}/t/night-sky`;
    hub.blog.put('/text', aPost({ text: `See ${address} for` }));
    const quoted = `See ${address} for nothing in mind.`;
    const bare = { kind: 'not-a-link', address, sentence: quoted };
    assert.deepEqual((await met(hub, '/text')).evidence?.miss, bare);
    for (const address of ['http://old.example/', 'http://old.example/t/bread-baking']) {
      hub.blog.put('/below', aPost({ link: address }));
      assert.equal((await met(hub, '/below')).evidence?.miss?.kind, 'elsewhere', address);
      hub.clock.advance(MINUTE);
    }
  });

  it('of a post that cannot be read: what it answered, and nothing else', async test => {
    const hub = await aHub(test);
    const nothing = { redirects: 0, tookMs: 0, bytes: null, links: null, link: null, miss: null };
    hub.blog.put('/pdf', { type: 'application/pdf', body: Buffer.from('%PDF') });
    hub.blog.put('/gone', (_request, response) => response.writeHead(410).end());
    hub.blog.put('/cut', (_request, response) => void response.destroy());
    hub.blog.put('/home', (_request, response) => response.writeHead(301, { location: '/' }).end());
    for (const [path, saw, status] of [
      ['/missing', 'status', 404],
      ['/pdf', 'not-html', 200],
      ['/gone', 'gone', 410],
      ['/home', 'redirects', 301],
      ['/cut', 'broken-answer', null],
    ] as const) {
      const { evidence } = await met(hub, path);
      const [at, finalUrl] = [hub.clock.now(), hub.blog.at(path)];
      assert.deepEqual(evidence, { ...nothing, at, finalUrl, saw, status }, path);
    }
  });

  it('of a listed post that is withdrawn: why', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await met(hub, '/orion');
    hub.blog.put('/orion', aPost({ text: `<!-- ${hub.hub.urls.topic(TOPIC)} -->` }));
    hub.later(DAY);
    const after = await look(hub, '/orion', hub.clock.now());
    assert.equal(after.status, 'withdrawn');
    assert.deepEqual(after.evidence?.miss, {
      kind: 'hidden',
      address: hub.hub.urls.topic(TOPIC),
      sentence: null,
    });
  });

  it('of a post that links to the receipt of another one: a link to that one’s topic, and to no other', async test => {
    const hub = await aHub(test);
    hub.blog.put('/first', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const first = await met(hub, '/first');
    const receipt = hub.hub.urls.receipt(first.id);
    hub.blog.put('/second', aPost({ link: receipt }));
    const second = await met(hub, '/second');
    assert.deepEqual([second.status, second.evidence?.link?.to], ['listed', 'receipt']);
    assert.equal(second.evidence?.link?.address, receipt);
    const elsewhere = await met(hub, '/second', 'bread-baking');
    const miss = elsewhere.evidence?.miss;
    assert.deepEqual([elsewhere.status, miss?.kind], ['unlinked', 'other-topic']);
    assert.equal(miss?.kind === 'other-topic' && miss.topicId, first.topicId);
  });
});
