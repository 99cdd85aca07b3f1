import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio';
import type { ReceiptJson } from '../../server/receipts/receipt-json.ts';
import { StoreAway } from '../../server/storage/storage.ts';
import { aPost } from '../support/blog.ts';
import { aClock, DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { said } from '../support/pages.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';
const JSON_TYPE = { Accept: 'application/json' };

/** The stored post of the hub's blog, asked for as its author would: by its address. */
async function receiptOf(
  hub: TestHub,
  url: string,
  topic = TOPIC,
): Promise<{ id: string; json: ReceiptJson }> {
  const $ = load(await hub.text(`/where-is-my-ping?url=${encodeURIComponent(url)}`));
  for (const link of $('a[href*="/pings/"]').toArray()) {
    const id = /\/pings\/(\w+)$/.exec(String($(link).attr('href')))?.[1];
    const json = (await (await hub.get(`/pings/${id}`, JSON_TYPE)).json()) as ReceiptJson;
    if (id && json.topic === topic && json.source === url) return { id, json };
  }
  throw new Error(`there is no receipt for ${url}`);
}

/** Pings a post and waits until its receipt says so. */
async function pinged(hub: TestHub, path: string, status: string, fields: Record<string, string> = {}) {
  await hub.ping(TOPIC, { url: hub.blog.at(path), ...fields });
  const { id } = await receiptOf(hub, hub.blog.at(path));
  const json = await becomes(hub, id, status);
  return { id, json, page: await pageOf(hub, `/pings/${id}`) };
}

const becomes = (hub: TestHub, id: string, status: string) =>
  until(async () => {
    const json = (await (await hub.get(`/pings/${id}`, JSON_TYPE)).json()) as ReceiptJson;
    return json.status === status && json;
  }, `${id} to be ${status}`);

async function pageOf(hub: TestHub, path: string) {
  const $ = load(await hub.text(path));
  return { $, text: said($('main').text()), stamp: $('.stamp').text() };
}

const press = (hub: TestHub, id: string, headers: Record<string, string> = {}) =>
  fetch(`${hub.address}/pings/${id}/look`, { method: 'POST', headers, redirect: 'manual' });

const sendForm = (hub: TestHub, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${hub.address}/where-is-my-ping`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers,
    redirect: 'manual',
  });

const looks = (hub: TestHub) => hub.logged.filter(line => line['msg'] === 'look').length;

describe('the author of a post opens its receipt', () => {
  it('and it is listed: receipt, topic page and "Where is my ping?" say the same', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const { id, json, page } = await pinged(hub, '/orion', 'listed');
    assert.equal(page.stamp, 'Listed');
    assert.equal(json.nextLook, new Date(hub.clock.now() + HOUR).toISOString().replace(/\.\d+/, ''));
    assert.equal(json.shown?.title, 'Orion in winter');
    assert.deepEqual(json.doors, [{ via: 'trackback', at: '2026-07-17T14:02:19Z' }]);
    assert.equal(json.finalUrl, hub.blog.at('/orion'));
    assert.ok(page.text.includes('Next look: 17 July 2026, 15:02.'));
    const href = await until(async () =>
      load(await hub.text(`/t/${TOPIC}`))(`#p${id} .meta > a`).attr('href'),
    );
    assert.equal(href, hub.hub.urls.receipt(id));
    assert.equal(page.$(`a[href="${hub.hub.urls.topic(TOPIC)}#p${id}"]`).length, 1);
    const where = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(hub.blog.at('/orion'))}`);
    assert.equal(where.stamp, 'Listed');
    assert.ok(where.text.includes('Next look: 17 July 2026, 15:02.'));
  });

  it('mends the link, presses the button, and the post is listed without another ping', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    const { id, page } = await pinged(hub, '/orion', 'unlinked');
    assert.equal(page.stamp, 'Not listed');
    assert.match(page.text, /What to do now.*Check my post again/);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.clock.advance(MINUTE);
    const answer = await press(hub, id);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/pings/${id}`]);
    await becomes(hub, id, 'listed');
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
  });

  it('and it has no such server, no such page, or no answer in time', async test => {
    const hub = await aHub(test, {
      world: {
        resolve: async host => {
          throw new Error(`no ${host}`);
        },
      },
    });
    const nowhere = 'https://nowhere.example/post';
    await hub.ping(TOPIC, { url: nowhere });
    const step = async (url: string) => {
      const { id } = await receiptOf(hub, url);
      const found = await until(async () => {
        const { stamp, $ } = await pageOf(hub, `/pings/${id}`);
        return stamp === 'Trying again' && said($('.step').eq(1).text());
      }, `${url} to be tried again`);
      return { id, found };
    };
    assert.match(
      (await step(nowhere)).found,
      /There is no server called nowhere\.example\. Next try: 17 July/,
    );
    await hub.ping(TOPIC, { url: hub.blog.at('/nothing') });
    assert.match((await step(hub.blog.at('/nothing'))).found, /answered 404 Not Found: there is no page/);
    hub.blog.put('/slow', (_request, response) => {
      hub.clock.advance(11 * SECOND);
      response.writeHead(302, { Location: '/slower' }).end();
    });
    await hub.ping(TOPIC, { url: hub.blog.at('/slow') });
    const { id, found } = await step(hub.blog.at('/slow'));
    assert.match(found, /did not answer within 10 seconds/);
    for (const wait of [31 * SECOND, 6 * MINUTE, 2 * HOUR, 2 * DAY]) {
      const before = looks(hub);
      hub.later(wait);
      await until(() => looks(hub) >= before + 3, 'all three to be looked at again');
    }
    await becomes(hub, id, 'unreachable');
    const { stamp, text } = await pageOf(hub, `/pings/${id}`);
    assert.equal(stamp, 'Not listed');
    assert.match(text, /Post fetched Failed.*We do not look again by ourselves\./);
  });

  it('and its address is another one of a listed post', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.blog.put('/short', (_request, response) => response.writeHead(301, { Location: '/orion' }).end());
    const listed = await pinged(hub, '/orion', 'listed');
    const merged = await pinged(hub, '/short', 'merged');
    assert.notEqual(merged.id, listed.id);
    assert.equal(merged.page.stamp, 'Listed');
    assert.ok(merged.page.$(`a[href="${hub.hub.urls.receipt(listed.id)}"]`).length > 0);
    const where = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(hub.blog.at('/short'))}`);
    assert.equal(where.$('.all li').length, 2, 'both pings');
    assert.equal(where.stamp, '', 'no stamp over several');
  });

  it('that was taken down, and finds its words gone and further pings refused', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const { id } = await pinged(hub, '/orion', 'listed', { title: 'Orion in winter' });
    const topic = await hub.storage.topics.bySlug(TOPIC);
    await hub.storage.mentions.remove(String(topic?.id), `${hub.blog.pair}/orion`);
    const { text } = await pageOf(hub, `/pings/${id}`);
    assert.match(text, /Removed On request/);
    assert.doesNotMatch(text, /Orion in winter|Starlight/);
    const before = looks(hub);
    assert.equal((await press(hub, id)).status, 303);
    assert.equal((await becomes(hub, id, 'removed')).nextLook, null);
    assert.equal(looks(hub), before);
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    const where = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(hub.blog.at('/orion'))}`);
    assert.match(where.text, /Pings that we turned away Night sky: The post was taken off .*came 2 times/);
    hub.clock.advance(91 * DAY);
    assert.equal((await hub.get(`/pings/${id}`)).status, 404, 'gone from view after 90 days');
  });

  it('by any form of its id, and of no other', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    const one = `/pings/${id}`;
    for (const other of [
      `/pings/${id.toUpperCase()}`,
      `/pings/${id.slice(0, 5)}-${id.slice(5)}`,
      `/PINGS/${id}/?a=b`,
    ]) {
      const answer = await hub.get(other);
      assert.deepEqual([answer.status, answer.headers.get('location')], [308, hub.address + one], other);
    }
    assert.equal((await hub.get(`${one}?source=x&target=y`)).status, 200, 'as Dotclear asks');
    for (const none of ['/pings/0000000000', '/pings/x', '/pings/%00', `/pings/${id}0`]) {
      const page = await hub.get(none);
      assert.equal(page.status, 404, none);
      assert.match(String(page.headers.get('content-type')), /html/);
      assert.match(String(page.headers.get('x-robots-tag')), /noindex/);
      const json = await hub.get(none, JSON_TYPE);
      assert.equal(json.status, 404, none);
      assert.match(((await json.json()) as { error: string }).error, /no such receipt/);
      assert.equal((await fetch(`${hub.address}${none}/look`, { method: 'POST' })).status, 404, none);
    }
  });

  it('which no search engine and no cache keeps, and which names nobody’s address', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    const page = await hub.get(`/pings/${id}`);
    const { headers } = page;
    assert.deepEqual(
      [headers.get('x-robots-tag'), headers.get('cache-control'), headers.get('vary')],
      ['noindex', 'no-store', 'Accept'],
    );
    const html = await page.text();
    assert.match(html, /<meta name="robots" content="noindex">/);
    const json = await hub.get(`/pings/${id}`, JSON_TYPE);
    assert.match(String(json.headers.get('content-type')), /^application\/json/);
    assert.deepEqual(Object.keys((await json.json()) as object), [
      'id',
      'status',
      'topic',
      'source',
      'finalUrl',
      'doors',
      'shown',
      'steps',
      'nearestMiss',
      'nextLook',
    ]);
    assert.equal(
      (await hub.get(`/pings/${id}`, { Accept: '*/*' })).headers.get('content-type')?.slice(0, 9),
      'text/html',
    );
  });

  it('with words that are meant to be markup, which stay words', async test => {
    const hub = await aHub(test);
    const evil = '"><script>alert(1)</script>&lt;img src=x onerror=alert(1)&gt;';
    hub.blog.put('/x', aPost({ link: hub.hub.urls.topic(TOPIC), title: evil.replaceAll('<', '&lt;') }));
    const { id, page } = await pinged(hub, '/x', 'listed', { title: evil, blog_name: evil, excerpt: evil });
    const where = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(hub.blog.at('/x'))}`);
    const typed = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(evil)}`);
    for (const { $ } of [page, where, typed]) {
      assert.equal($('main script, main img').length, 0);
      assert.equal($('[onerror]').length, 0);
    }
    assert.equal(typed.$('#url').val(), evil);
    assert.match(
      page.$('details pre').text(),
      /^title: "><script>alert\(1\)<\/script>&lt;img src=x/m,
      'word for word',
    );
    assert.equal((await becomes(hub, id, 'listed')).id, id);
  });

  it('while the store is away, and is told so', async test => {
    const hub = await aHub(test);
    hub.storage.mentions.byId = () => Promise.reject(new Error('away'));
    hub.storage.mentions.ofPost = () => Promise.reject(new Error('away'));
    for (const path of ['/pings/0000000000', '/where-is-my-ping?url=https://blog.example/x']) {
      const answer = await hub.get(path);
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30'], path);
      assert.match(await answer.text(), /Something broke on our side/);
    }
  });
});

describe('the button', () => {
  it('works once a minute for a post, in however many topics it is', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    // Of the two topics, one was looked at a minute ago.
    hub.clock.advance(MINUTE);
    await hub.ping('bread-baking', { url: hub.blog.at('/orion') });
    const other = await until(
      async () => (await receiptOf(hub, hub.blog.at('/orion'), 'bread-baking')).json.status === 'unlinked',
    ).then(() => receiptOf(hub, hub.blog.at('/orion'), 'bread-baking'));
    hub.clock.advance(20 * SECOND);
    const before = hub.blog.requests.length;
    for (const one of [id, other.id]) {
      const soon = await press(hub, one);
      assert.deepEqual([soon.status, soon.headers.get('retry-after')], [429, '40']);
      assert.match(
        said(load(await soon.text())('main').text()),
        /We looked at this post at 14:03:19\. It can be checked again from 14:04:19 on\./,
      );
    }
    assert.equal(hub.blog.requests.length, before);
    hub.clock.advance(40 * SECOND);
    assert.equal((await press(hub, id)).status, 303);
    await until(() => hub.blog.requests.length === before + 1);
  });

  it('works once a minute by the clock of the store, which may be another than the hub’s', async test => {
    // Asked when the store is opened, before the hub's own clock moves; of SQLite both are one.
    const ahead = { askTime: async () => aClock().now() + 5 * MINUTE, countMs: 10_000 };
    const hub = await aHub(test, { world: { onMongodb: ahead } });
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    hub.clock.advance(20 * SECOND);
    const soon = await press(hub, id);
    assert.deepEqual([soon.status, soon.headers.get('retry-after')], [429, '40']);
    hub.clock.advance(40 * SECOND);
    const before = looks(hub);
    assert.equal((await press(hub, id)).status, 303);
    await until(() => looks(hub) > before);
    assert.equal((await pageOf(hub, `/pings/${id}`)).stamp, 'Not listed', 'nothing goes on any more');
  });

  it('leads back to its receipt, and does nothing, when its address is opened as a page', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    hub.clock.advance(2 * MINUTE);
    const answer = await hub.get(`/pings/${id}/look`);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/pings/${id}`]);
    assert.equal((await hub.get('/pings/x/look')).status, 404);
    assert.equal((await becomes(hub, id, 'unlinked')).nextLook, '2026-07-17T14:07:19Z', 'none is owed');
  });

  it('does nothing more while a look is under way', async test => {
    const hub = await aHub(test);
    let answerAll = () => {};
    const open = new Promise<void>(resolve => {
      answerAll = resolve;
    });
    hub.blog.put('/orion', async (_request, response) => {
      await open;
      response.writeHead(200, { 'Content-Type': 'text/html' }).end(aPost());
    });
    await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    const { id } = await receiptOf(hub, hub.blog.at('/orion'));
    assert.equal((await pageOf(hub, `/pings/${id}`)).stamp, 'Being checked');
    for (let n = 0; n < 5; n++) assert.equal((await press(hub, id)).status, 303);
    answerAll();
    await becomes(hub, id, 'unlinked');
    assert.equal(hub.blog.requests.length, 1);
  });

  it('is not pressed by pages of other sites', async test => {
    const hub = await aHub(test, { config: { baseUrlAliases: ['https://old.hub.example/hub/'] } });
    hub.blog.put('/orion', aPost());
    const { id } = await pinged(hub, '/orion', 'unlinked');
    hub.clock.advance(2 * MINUTE);
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://elsewhere.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' },
    ] as Record<string, string>[]) {
      assert.equal((await press(hub, id, headers)).status, 303);
      const answer = await sendForm(hub, { url: hub.blog.at('/new'), topic: TOPIC }, headers);
      assert.equal(answer.status, 200, 'asked once more, by a page of ours');
    }
    const { nextLook } = await becomes(hub, id, 'unlinked');
    assert.equal(nextLook, '2026-07-17T14:07:19Z');
    assert.equal((await hub.storage.mentions.ofPost(`${hub.blog.pair}/new`)).length, 0);
    for (const own of [
      { 'Sec-Fetch-Site': 'same-origin', Origin: hub.address },
      { Origin: 'https://old.hub.example' },
    ] as Record<string, string>[]) {
      const before = looks(hub);
      assert.equal((await press(hub, id, own)).status, 303);
      await until(() => looks(hub) > before);
      hub.clock.advance(2 * MINUTE);
    }
  });
});

describe('"Where is my ping?"', () => {
  it('finds a post by any form of its address', async test => {
    const hub = await aHub(test);
    await hub.ping(TOPIC, { url: 'https://www.marigold.example/2026/07/choosing/?utm_source=x' });
    for (const form of [
      'https://www.marigold.example/2026/07/choosing/',
      'http://marigold.example/2026/07/choosing',
      'marigold.example/2026/07/choosing#more',
      'WWW.Marigold.example/2026/07/choosing/',
      '  https://marigold.example:443/2026/07/choosing ',
    ]) {
      const { text } = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(form)}`);
      assert.match(text, /One ping received/, form);
    }
  });

  it('leads on from other letters and a slash at the end, with what was asked', async test => {
    const hub = await aHub(test);
    for (const other of ['/where-is-my-ping/', '/Where-Is-My-Ping']) {
      const answer = await hub.get(`${other}?url=a&topic=b`, { redirect: 'manual' });
      assert.deepEqual(
        [answer.status, answer.headers.get('location')],
        [308, `${hub.address}/where-is-my-ping?url=a&topic=b`],
      );
    }
  });

  it('asks, and is not kept from search engines, until something is asked', async test => {
    const hub = await aHub(test);
    const answer = await hub.get('/where-is-my-ping');
    assert.deepEqual([answer.status, answer.headers.get('x-robots-tag')], [200, null]);
    const $ = load(await answer.text());
    assert.equal($('form').attr('action'), '/where-is-my-ping');
    assert.equal($('.stamp, .problem').length, 0);
    assert.equal($('[aria-current=page]').text(), 'Where is my ping?');
    assert.ok((await hub.text('/')).includes('Sent us a ping?'));
  });

  it('counts repeats, and shows every topic under a list of them', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    for (let n = 0; n < 3; n++) await hub.ping(TOPIC, { url: hub.blog.at('/orion') });
    await hub.ping('bread-baking', { url: hub.blog.at('/orion') });
    const { $, text } = await until(async () => {
      const page = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(hub.blog.at('/orion'))}`);
      return /Night sky: Listed/.test(page.text) && /Bread baking: Not listed/.test(page.text) && page;
    }, 'both to be looked at');
    assert.match(text, /It came 3 times, counted once/);
    assert.equal($('section.answer .steps').length, 2);
    for (const link of $('.all a').toArray()) assert.equal($(String($(link).attr('href'))).length, 1);
  });

  it('reads the topics once, in however many of them a post is', async test => {
    const hub = await aHub(test);
    const url = hub.blog.at('/orion');
    for (const topic of [TOPIC, 'bread-baking', 'static-site-generators']) await hub.ping(topic, { url });
    const byId = test.mock.method(hub.storage.topics, 'byId');
    const list = test.mock.method(hub.storage.topics, 'list');
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await until(() => looks(hub) === 3);
    const before = byId.mock.callCount();
    const { $ } = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(url)}`);
    assert.equal($('.all li').length, 3);
    assert.deepEqual([byId.mock.callCount() - before, list.mock.callCount()], [0, 1]);
  });

  it('shows refused pings too, as far as they named an address', async test => {
    const hub = await aHub(test);
    await hub.ping('nobody', { url: 'https://marigold.example/post' });
    const unknown = await pageOf(hub, '/where-is-my-ping?url=marigold.example/post');
    assert.equal(unknown.stamp, 'Not listed');
    assert.match(
      unknown.text,
      /There is no topic at the address that was pinged\. Last on 17 July 2026, 14:02\./,
    );
    await hub.ping(TOPIC, { url: 'http://192.168.1.1/post' });
    const hidden = await pageOf(hub, '/where-is-my-ping?url=http://192.168.1.1/post');
    assert.match(hidden.text, /The address is not on the public web/);
    assert.equal(hidden.$('.problem').length, 0);
  });

  it('says at the field what is wrong with an address', async test => {
    const hub = await aHub(test);
    for (const [typed, words] of [
      ['', /^Enter the address of your post$/],
      ['my post', /^Enter a full address, beginning with https:\/\/$/],
      ['hello', /^Enter a full address/],
      ['mailto:me@blog.example', /^Enter a full address/],
      ['ftp://blog.example/x', /^Enter a full address/],
      ['https://blog.example/', /^This address is a blog’s front page\. Give the address of one post$/],
      [`${hub.address}/t/night-sky`, /^This is an address of this hub/],
      ['http://127.0.0.1/x', /^This address is not on the public web/],
      [`https://blog.example/${'x'.repeat(3_000)}`, /longer than 2048/],
    ] as const) {
      const answer = await hub.get(`/where-is-my-ping?url=${encodeURIComponent(typed)}`);
      assert.equal(answer.status, 400, typed);
      const $ = load(await answer.text());
      assert.match($('title').text(), /^Error: /);
      assert.match($('.problem a').text(), words);
      assert.equal($('#url-error').text(), `Error: ${$('.problem a').text()}`);
      assert.equal($('#url').val(), typed);
      assert.equal($('#url').attr('aria-invalid'), 'true');
    }
  });

  it('takes an address nobody told us about, and looks at it at once', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const url = hub.blog.at('/orion');
    const { $, stamp } = await pageOf(hub, `/where-is-my-ping?url=${encodeURIComponent(url)}`);
    assert.equal(stamp, 'No ping received');
    const form = $('form[method=post]');
    assert.equal(form.find('[name=url]').val(), url);
    assert.deepEqual(
      form
        .find('option')
        .toArray()
        .map(option => $(option).attr('value')),
      ['', 'bread-baking', TOPIC, 'static-site-generators'],
    );
    const nothing = await sendForm(hub, { url, topic: '' });
    assert.equal(nothing.status, 400);
    const again = load(await nothing.text());
    assert.equal(again('.problem a').text(), 'Choose a topic');
    assert.equal(again('.problem a').attr('href'), '#topic');

    const answer = await sendForm(hub, { url, topic: TOPIC });
    assert.equal(answer.status, 303);
    const id = String(answer.headers.get('location')).replace('/pings/', '');
    const json = await becomes(hub, id, 'listed');
    assert.deepEqual(
      json.doors.map(door => door.via),
      ['form'],
    );
  });

  it('says what is wrong with a form that cannot be sent', async test => {
    const hub = await aHub(test);
    const problem = async (answer: Response, status = 400) => {
      assert.equal(answer.status, status);
      return load(await answer.text())('.problem a').text();
    };
    assert.match(await problem(await sendForm(hub, { url: 'x y', topic: TOPIC })), /full address/);
    assert.match(
      await problem(await sendForm(hub, { url: 'https://blog.example/1', topic: 'nobody' })),
      /^Choose a topic$/,
    );
    const large = { method: 'POST', body: new URLSearchParams({ url: 'x'.repeat(20_000), topic: TOPIC }) };
    for (const path of ['/where-is-my-ping', '/where-is-my-ping/', '/Where-is-my-ping'])
      assert.match(await problem(await fetch(hub.address + path, large), 413), /longer than 2048/, path);
    const unreadable = { headers: { 'Content-Encoding': 'gzip' }, method: 'POST', body: large.body };
    assert.match(
      await problem(await fetch(`${hub.address}/where-is-my-ping`, unreadable)),
      /^Enter the address/,
    );
  });

  it('blames no field while the store is away, and can be sent again as it was', async test => {
    const hub = await aHub(test);
    const { bySlug } = hub.storage.topics;
    hub.storage.topics.bySlug = () => Promise.reject(new StoreAway('gone'));
    const url = hub.blog.at('/orion');
    const answer = await sendForm(hub, { url, topic: TOPIC });
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '30']);
    const $ = load(await answer.text());
    assert.match($('.problem a').text(), /^Nothing could be recorded/);
    assert.equal($($('.problem a').attr('href') as string).length, 1, 'leads to what to do');
    assert.equal($('[aria-invalid]').length, 0, 'no field is to blame');
    const again = $('form[method=post]');
    hub.storage.topics.bySlug = bySlug;
    const taken = await sendForm(hub, {
      url: String(again.find('[name=url]').val()),
      topic: String(again.find('[name=topic]').val()),
    });
    assert.equal(taken.status, 303);
    assert.match(taken.headers.get('location') ?? '', /^\/pings\//);
  });
});
