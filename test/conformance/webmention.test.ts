import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio/slim';
import { aPost } from '../support/blog.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

const send = (hub: TestHub, fields: Record<string, string>) =>
  fetch(hub.hub.urls.webmention, { method: 'POST', body: new URLSearchParams(fields) });

const mention = (hub: TestHub, source: string, target = hub.hub.urls.topic(TOPIC)) =>
  send(hub, { source, target });

/** The stored records of the topic. */
async function stored(hub: TestHub) {
  const topic = await hub.storage.topics.bySlug(TOPIC);
  return hub.storage.mentions.all(String(topic?.id), 10);
}

const becomes = (hub: TestHub, status: string) =>
  until(async () => (await stored(hub))[0]?.status === status, `the post is ${status}`);

const isListed = async (hub: TestHub, title: string) => (await hub.text(`/t/${TOPIC}`)).includes(title);

describe('Webmention 3.1.2, "Sender discovers receiver Webmention endpoint"', () => {
  it('"an HTTP Link header with a rel value of webmention", on GET and HEAD', async test => {
    const hub = await aHub(test);
    for (const method of ['GET', 'HEAD']) {
      const link = (await fetch(`${hub.address}/t/${TOPIC}`, { method })).headers.get('link');
      assert.ok(link?.includes(`<${hub.hub.urls.webmention}>; rel="webmention"`), method);
    }
  });

  it('"a <link> or <a> element with a rel value of webmention", on topic pages only', async test => {
    const hub = await aHub(test);
    const $ = load(await hub.text(`/t/${TOPIC}`));
    assert.equal($('link[rel~=webmention], a[rel~=webmention]').attr('href'), hub.hub.urls.webmention);
    for (const path of ['/', '/nothing', `/t/${TOPIC}/trackback`, `/t/${TOPIC}.rss`]) {
      const response = await hub.get(path);
      assert.doesNotMatch(response.headers.get('link') ?? '', /webmention/, path);
      assert.doesNotMatch(await response.text(), /rel="?webmention/, path);
    }
  });
});

describe('Webmention 3.2, "Receiving Webmentions"', () => {
  it('"the receiver MUST reply with an HTTP 201 Created response with a Location header pointing to the status URL" (webmention.rocks receive/1)', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const response = await mention(hub, hub.blog.at('/1'));
    assert.equal(response.status, 201);
    const [taken] = await stored(hub);
    const receipt = hub.hub.urls.receipt(String(taken?.id));
    assert.equal(response.headers.get('location'), receipt);
    assert.match(String(response.headers.get('content-type')), /^text\/plain/);
    const text = await response.text();
    assert.ok(text.includes(receipt));
    assert.doesNotMatch(text, /fault/i);
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('via </span>Webmention'));
  });

  it('"SHOULD queue and process the request asynchronously, to prevent DoS attacks"', async test => {
    const hub = await aHub(test);
    let hanging = false;
    hub.blog.put('/slow', () => {
      hanging = true;
    });
    assert.equal((await mention(hub, hub.blog.at('/slow'))).status, 201);
    await until(() => hanging);
  });
});

describe('Webmention 3.2.1, "Request Verification"', () => {
  /** 400 with words about the one of the two that is wrong. */
  async function assertRefused(hub: TestHub, fields: Record<string, string>, words: RegExp) {
    const response = await send(hub, fields);
    assert.equal(response.status, 400, JSON.stringify(fields));
    assert.match(String(response.headers.get('content-type')), /^text\/plain/);
    assert.match(await response.text(), words);
    assert.deepEqual(await stored(hub), []);
  }

  it('"MUST check that source and target are valid URLs" (webmention.rocks receive/2)', async test => {
    const hub = await aHub(test);
    const source = hub.blog.at('/1');
    const target = hub.hub.urls.topic(TOPIC);
    await assertRefused(
      hub,
      { source: 'jwoijgoisdjlskjegisvjowuehjtkx', target },
      /source is not a full web/,
    );
    await assertRefused(hub, { source, target: 'owiejduvyeiwljjjcjmvbpsouehgd' }, /target is not a full web/);
    await assertRefused(
      hub,
      { source: 'sjuhvhwieuhtiwudcjvhuh', target: 'owiejduvyeiwljj' },
      /target is not/,
    );
    await assertRefused(hub, { target }, /no "source"/);
    await assertRefused(hub, { source }, /no "target"/);
    await assertRefused(hub, {}, /no "target"/);
  });

  it('"… and are of schemes that are supported by the receiver"', async test => {
    const hub = await aHub(test);
    const source = hub.blog.at('/1');
    const target = hub.hub.urls.topic(TOPIC);
    await assertRefused(hub, { source: 'mailto:me@blog.example', target }, /source is not a full web/);
    await assertRefused(hub, { source, target: target.replace('http', 'ftp') }, /target is not a full web/);
  });

  it('"MUST reject the request if the source URL is the same as the target URL" (S09)', async test => {
    const hub = await aHub(test, { config: { baseUrlAliases: ['http://alias.example'] } });
    const target = hub.hub.urls.topic(TOPIC);
    await assertRefused(hub, { source: target, target }, /address of this hub/);
    await assertRefused(hub, { source: `http://alias.example/t/${TOPIC}`, target }, /address of this hub/);
  });

  it('"SHOULD check that target is a valid resource for which it can accept Webmentions"', async test => {
    const hub = await aHub(test);
    const source = hub.blog.at('/1');
    const { home, topic } = hub.hub.urls;
    await assertRefused(hub, { source, target: 'https://elsewhere.example/' }, /not an address of this hub/);
    await assertRefused(hub, { source, target: home }, /front page/);
    await assertRefused(hub, { source, target: `${hub.address}/livez` }, /not of a topic/);
    await assertRefused(hub, { source, target: topic('nobody') }, /no topic/);
  });

  it('"the fragment SHOULD be ignored when checking if the URL is supported"', async test => {
    const hub = await aHub(test);
    assert.equal((await mention(hub, hub.blog.at('/1'), `${hub.hub.urls.topic(TOPIC)}#posts`)).status, 201);
  });

  it('a private post (extension B.3) is refused, and its author can find out why', async test => {
    const hub = await aHub(test);
    const fields = { source: hub.blog.at('/1'), target: hub.hub.urls.topic(TOPIC), code: 'secret' };
    await assertRefused(hub, fields, /not public/);
    const [refusal] = await hub.storage.refusals.ofKey(`${hub.blog.pair}/1`);
    assert.equal(refusal?.reason, 'private');
  });
});

describe('Webmention 3.2.2, "Webmention Verification"', () => {
  const mentions = (link: string): Record<string, string> => ({
    a: `<a href="${link}">x</a>`,
    'a with a fragment': `<a href="${link}#top">x</a>`,
    img: `<img src="${link}" alt="">`,
    video: `<video src="${link}"></video>`,
    audio: `<audio src="${link}"></audio>`,
  });
  const none = (link: string): Record<string, string> => ({
    'only text': link,
    'only a comment': `<!-- <a href="${link}">x</a> -->`,
    'escaped HTML': `&lt;a href="${link}"&gt;`,
    'a longer address': `<a href="${link}evil">x</a>`,
    'another query': `<a href="${link}?x=1">x</a>`,
    nothing: '',
  });
  const page = (inside: string) => `<!doctype html><title>A post</title><p>Words ${inside} words`;

  for (const what of Object.keys(mentions(''))) {
    it(`"should look for <a href="*">, <img src="*">, <video src="*"> and other similar links": ${what}`, async test => {
      const hub = await aHub(test);
      hub.blog.put('/1', page(String(mentions(hub.hub.urls.topic(TOPIC))[what])));
      await mention(hub, hub.blog.at('/1'));
      await becomes(hub, 'listed');
    });
  }
  for (const what of Object.keys(none(''))) {
    it(`"MUST have an exact match of the target URL": ${what} is none`, async test => {
      const hub = await aHub(test);
      hub.blog.put('/1', page(String(none(hub.hub.urls.topic(TOPIC))[what])));
      await mention(hub, hub.blog.at('/1'));
      await becomes(hub, 'unlinked');
    });
  }

  it('"following any HTTP redirects"', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', (_request, response) => response.writeHead(302, { Location: '/2' }).end());
    hub.blog.put('/2', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await mention(hub, hub.blog.at('/1'));
    await becomes(hub, 'listed');
  });

  it('"(and SHOULD limit the number of redirects it follows)"', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', (_request, response) => response.writeHead(302, { Location: '/1' }).end());
    await mention(hub, hub.blog.at('/1'));
    await until(async () => (await stored(hub))[0]?.history.some(event => event.kind === 'looked'));
    assert.ok(hub.blog.requests.length <= 20);
  });
});

describe('Webmention 3.2.3, "Error Responses"', () => {
  it('"an error on the receiver\'s server": never the sender\'s fault, so that it comes again', async test => {
    const hub = await aHub(test);
    test.mock.method(hub.storage.topics, 'bySlug', () => Promise.reject(new Error('disk I/O error')));
    const response = await mention(hub, hub.blog.at('/1'));
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '30');
    assert.match(await response.text(), /could not be recorded/);
  });
});

describe('Webmention 3.2.4, "Updating existing Webmentions"', () => {
  async function aListedPost(hub: TestHub): Promise<string> {
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const response = await mention(hub, hub.blog.at('/1'));
    await until(() => isListed(hub, 'Orion in winter'));
    return String(response.headers.get('location'));
  }

  it('"it SHOULD update any existing data it picked from source"', async test => {
    const hub = await aHub(test);
    const receipt = await aListedPost(hub);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC), title: 'Orion in spring' }));
    const again = await mention(hub, hub.blog.at('/1'));
    assert.deepEqual([again.status, again.headers.get('location')], [201, receipt]);
    await until(() => isListed(hub, 'Orion in spring'));
    assert.ok(!(await isListed(hub, 'Orion in winter')));
  });

  it('"If it received a 410 Gone status code … it SHOULD delete the existing Webmention"', async test => {
    const hub = await aHub(test);
    await aListedPost(hub);
    hub.blog.put('/1', (_request, response) => response.writeHead(410).end());
    assert.equal((await mention(hub, hub.blog.at('/1'))).status, 201);
    await becomes(hub, 'withdrawn');
    await until(async () => !(await isListed(hub, 'Orion in winter')));
  });

  it('"… or received a 200 OK status code and does not find a mention of target on source"', async test => {
    const hub = await aHub(test);
    await aListedPost(hub);
    hub.blog.put('/1', aPost());
    await mention(hub, hub.blog.at('/1'));
    await becomes(hub, 'withdrawn');
    await until(async () => !(await isListed(hub, 'Orion in winter')));
  });

  it('"Processing Webmentions SHOULD be idempotent"', async test => {
    const hub = await aHub(test);
    const receipt = await aListedPost(hub);
    const looks = hub.blog.requests.length;
    for (const target of ['', '/trackback', '.rss', '.atom', '.json', '#x', '/']) {
      const response = await mention(hub, hub.blog.at('/1'), hub.hub.urls.topic(TOPIC) + target);
      assert.equal(response.headers.get('location'), receipt, target);
    }
    await until(() => hub.blog.requests.length > looks);
    assert.equal((await hub.text(`/t/${TOPIC}`)).match(/Orion in winter<\/a>/g)?.length, 1);
  });
});

describe('Webmention 4.4, "Cross-Site Request Forgery"', () => {
  it('the endpoint takes a query string, which senders have to keep', async test => {
    const hub = await aHub(test);
    const response = await fetch(`${hub.hub.urls.webmention}?token=x&source=evil`, {
      method: 'POST',
      body: new URLSearchParams({ source: hub.blog.at('/1'), target: hub.hub.urls.topic(TOPIC) }),
    });
    assert.equal(response.status, 201);
  });
});
