import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio/slim';
import { aPost } from '../support/blog.ts';
import { assertWellFormed } from '../support/feed.ts';
import { aHub, readAnswer, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';
const FORM = 'application/x-www-form-urlencoded';

async function send(hub: TestHub, body: string | Uint8Array, contentType = FORM): Promise<Response> {
  return fetch(hub.hub.urls.trackback(TOPIC), {
    method: 'POST',
    headers: { 'Content-Type': contentType },
    body,
  });
}

async function claimed(hub: TestHub) {
  const topic = await hub.storage.topics.bySlug(TOPIC);
  const [mention] = await hub.storage.mentions.all(String(topic?.id), 1);
  return mention?.claim;
}

describe('TrackBack Technical Specification 1.2, "Sending a TrackBack Ping"', () => {
  it('"the client sends an HTTP POST request to the TrackBack Ping URL"', async test => {
    const hub = await aHub(test);
    const url = encodeURIComponent(hub.blog.at('/1'));
    assert.equal(readAnswer(await (await send(hub, `url=${url}`)).text()).error, '0');
    const asked = readAnswer(await hub.text(`/t/${TOPIC}/trackback?url=${url}`));
    assert.equal(asked.error, '1');
  });

  it('"The client SHOULD include the character encoding of the content being sent … in the charset attribute"', async test => {
    const hub = await aHub(test);
    await send(
      hub,
      `title=%8E%52&url=${encodeURIComponent(hub.blog.at('/1'))}`,
      `${FORM}; charset=Shift_JIS`,
    );
    assert.equal((await claimed(hub))?.title, '山');
  });

  it('"title … Optional", "excerpt … Optional", "blog_name … Optional"', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await send(hub, `url=${encodeURIComponent(hub.blog.at('/1'))}`);
    assert.deepEqual(await claimed(hub), { title: null, excerpt: null, blogName: null });
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
  });

  it('"url … Required. If a client neglects to send a url, the server MUST respond with an error message"', async test => {
    const hub = await aHub(test);
    for (const body of ['title=Foo+Bar&excerpt=My+Excerpt&blog_name=Foo', 'url=', '']) {
      const answer = readAnswer(await (await send(hub, body)).text());
      assert.equal(answer.error, '1');
      assert.ok(answer.message);
    }
  });

  it('"There are no length restrictions on these fields. … Server implementations are free to crop"', async test => {
    const hub = await aHub(test);
    const long = 'word+'.repeat(2_000);
    const answer = await send(
      hub,
      `title=${long}&excerpt=${long}&blog_name=${long}&url=${encodeURIComponent(hub.blog.at('/1'))}`,
    );
    assert.equal(readAnswer(await answer.text()).error, '0');
    assert.match(String((await claimed(hub))?.title), /word…$/);
  });
});

describe('TrackBack Technical Specification 1.2, the response', () => {
  it('is XML with an error of 0 for success and 1 with a message for failure', async test => {
    const hub = await aHub(test);
    for (const [body, error] of [
      [`url=${encodeURIComponent(hub.blog.at('/1'))}`, '0'],
      ['title=x', '1'],
    ] as const) {
      const response = await send(hub, body);
      assert.equal(response.status, 200);
      assert.match(String(response.headers.get('content-type')), /^text\/xml/);
      const xml = await response.text();
      assertWellFormed(xml);
      const $ = load(xml, { xml: true });
      assert.equal($('response > error').text(), error);
      assert.notEqual($('response > message').text(), '');
    }
  });
});

describe('TrackBack Technical Specification 1.2, "Auto-Discovery of TrackBack Ping URLs"', () => {
  it('leads from the topic page to an address that takes pings', async test => {
    const hub = await aHub(test);
    const page = await hub.text(`/t/${TOPIC}`);
    const blocks = [...page.matchAll(/<rdf:Description\s([^>]*)\/>/g)];
    assert.equal(blocks.length, 1);
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(String(blocks[0]?.[1]))?.[1];
    assert.equal(attribute('dc:identifier'), hub.hub.urls.topic(TOPIC));
    assert.equal(attribute('rdf:about'), hub.hub.urls.topic(TOPIC));
    const door = String(attribute('trackback:ping'));
    const response = await fetch(door, {
      method: 'POST',
      body: new URLSearchParams({ url: hub.blog.at('/1') }),
    });
    assert.equal(readAnswer(await response.text()).error, '0');
  });

  it('is on topic pages only, so that no link is answered with another topic', async test => {
    const hub = await aHub(test);
    for (const path of ['/', '/nothing', `/t/${TOPIC}/trackback`]) {
      assert.doesNotMatch(await hub.text(path), /rdf:RDF|rel="?trackback/, path);
    }
  });
});

describe('TrackBack Technical Specification 1.1, "Retrieving TrackBack Pings"', () => {
  it('answers __mode=rss with the pings as RSS inside a response', async test => {
    const hub = await aHub(test);
    const response = await hub.get(`/t/${TOPIC}/trackback?__mode=rss`);
    assert.match(String(response.headers.get('content-type')), /^text\/xml/);
    const $ = load(await response.text(), { xml: true });
    assert.equal($('response > error').text(), '0');
    assert.equal($('response > rss[version="0.91"] > channel > link').text(), hub.hub.urls.topic(TOPIC));
  });
});
