import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import { keyOf } from '../../server/mentions/source-key.ts';
import type { ReceiptJson } from '../../server/receipts/receipt-json.ts';
import { aPost } from '../support/blog.ts';
import { DAY, HOUR } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';
/** What could be an excerpt: the description, the text round the link, and what the ping claims. */
const DESCRIPTION = 'A winter night on the hill.';
const SENTENCE = 'Three stars in a row, seen with the night sky topic in mind.';
const CLAIMED = 'Three stars in a row, seen with';

const PAGES = ['', '.rss', '.atom', '.json', '/trackback?__mode=rss'].map(end => `/t/${TOPIC}${end}`);

/** A hub whose blog has one post that says this to robots. */
async function aHubWith(test: Parameters<typeof aHub>[0], says: { tag?: string; header?: string }) {
  const hub = await aHub(test);
  const put = ({ tag, header }: typeof says) =>
    hub.blog.put('/orion', (_request, response) => {
      if (header !== undefined) response.setHeader('X-Robots-Tag', header);
      const robots = tag === undefined ? '' : `<meta name="robots" content="${tag}">`;
      const head = `${robots}<meta name="description" content="${DESCRIPTION}">`;
      response.setHeader('Content-Type', 'text/html');
      response.end(aPost({ link: hub.hub.urls.topic(TOPIC), head }));
    });
  put(says);
  return { hub, put };
}

/** The post after a look at it since then. */
async function lookedAt(hub: TestHub, since: number): Promise<Mention> {
  const topic = (await hub.storage.topics.bySlug(TOPIC)) ?? assert.fail();
  return until(async () => {
    const mention = await hub.storage.mentions.find(topic.id, keyOf(new URL(hub.blog.at('/orion'))));
    return mention?.evidence && mention.evidence.at >= since && mention;
  }, 'a look');
}

async function pinged(hub: TestHub): Promise<Mention> {
  await hub.ping(TOPIC, { url: hub.blog.at('/orion'), excerpt: CLAIMED, blog_name: 'Starlight' });
  return lookedAt(hub, hub.clock.now());
}

const later = (hub: TestHub, ms: number) => {
  hub.later(ms);
  return lookedAt(hub, hub.clock.now());
};

/** The post is listed everywhere with title, link and blog, and these words of it, or none, are shown. */
async function assertShown(hub: TestHub, excerpt: string | null): Promise<void> {
  for (const path of PAGES) {
    const page = await hub.text(path);
    assert.ok(page.includes('Orion in winter'), path);
    assert.ok(page.includes(hub.blog.at('/orion')), path);
    assert.ok(path.includes('trackback') || page.includes('Starlight'), path);
    assert.equal(page.includes(CLAIMED), excerpt === CLAIMED, path);
    assert.ok(!page.includes(DESCRIPTION), path);
  }
}

describe('a post whose page says to robots that it is not to be quoted', () => {
  for (const [what, says] of [
    ['noindex in a tag', { tag: 'NOINDEX,follow' }],
    ['nosnippet in a tag', { tag: 'nosnippet' }],
    ['none in a header', { header: 'none' }],
    ['noindex in a header, after something else in a tag', { tag: 'all', header: 'noarchive, noindex' }],
  ] as const) {
    it(`with ${what}: it is listed with title, link and blog, and without an excerpt`, async test => {
      const { hub } = await aHubWith(test, says);
      const { status, shown, page } = await pinged(hub);
      assert.equal(status, 'listed');
      assert.deepEqual(shown, {
        title: 'Orion in winter',
        excerpt: null,
        blogName: 'Starlight',
        language: 'en',
      });
      assert.equal(page?.excerpt, null, 'it is not even remembered');
      await assertShown(hub, null);
    });
  }

  it('unless that is said to one bot by its name', async test => {
    const { hub } = await aHubWith(test, { header: 'otherbot: noindex, nosnippet' });
    assert.equal((await pinged(hub)).shown?.excerpt, CLAIMED);
    await assertShown(hub, CLAIMED);
  });

  it('loses its excerpt at the next look, and has it again once the page no longer says so', async test => {
    const { hub, put } = await aHubWith(test, {});
    assert.equal((await pinged(hub)).shown?.excerpt, CLAIMED);
    await assertShown(hub, CLAIMED);

    put({ tag: 'noindex' });
    const hidden = await later(hub, HOUR);
    assert.deepEqual([hidden.status, hidden.shown?.excerpt], ['listed', null]);
    await until(async () => !(await hub.text(`/t/${TOPIC}`)).includes(CLAIMED));
    await assertShown(hub, null);

    put({});
    assert.equal((await later(hub, DAY)).shown?.excerpt, CLAIMED);
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes(CLAIMED));
    await assertShown(hub, CLAIMED);
  });

  it('keeps its receipt, where the author sees the link in its sentence', async test => {
    const { hub } = await aHubWith(test, { tag: 'noindex' });
    const { id, evidence } = await pinged(hub);
    assert.equal(evidence?.link?.sentence, SENTENCE);
    const answer = await hub.get(`/pings/${id}`);
    assert.equal(answer.headers.get('x-robots-tag'), 'noindex');
    assert.ok((await answer.text()).includes(CLAIMED));
    const json = (await (
      await hub.get(`/pings/${id}`, { Accept: 'application/json' })
    ).json()) as ReceiptJson;
    assert.equal(json.shown?.excerpt, null);
  });

  it('has no excerpt in a preview either', async test => {
    const { hub } = await aHubWith(test, { tag: 'noindex' });
    const answer = await fetch(`${hub.address}/submit`, {
      method: 'POST',
      body: new URLSearchParams({ url: hub.blog.at('/orion'), topic: TOPIC, do: 'preview' }),
    });
    const page = await answer.text();
    assert.match(page, /Your post would be on/);
    assert.match(page, /class="entry h-entry"/);
    assert.doesNotMatch(page, /class="p-summary"/);
  });
});
