import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Config } from '../../server/config.ts';
import { readConfig } from '../../server/config.ts';
import { aBlog, aPost, type Blog } from '../support/blog.ts';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { aCall } from '../support/pingback.ts';
import { type Sending, sendTo } from '../support/sender.ts';
import { everythingStored } from '../support/stored.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';
const SENDER = '127.83.61.49';

function aNamingHub(test: TestContext, config: Partial<Config> = {}): Promise<TestHub> {
  return aHub(test, { config: { fetchNameSender: true, ...config } });
}

/** Who was named at each request for a path, in order. */
const named = (blog: Blog, path: string) =>
  blog.requests.filter(one => one.path === path).map(one => one.headers['x-pingback-forwarded-for']);

const looked = (hub: TestHub, path: string, times = 1, blog = hub.blog) =>
  until(() => {
    const settled = hub.logged.filter(line => line['msg'] === 'look' || line['msg'] === 'preview');
    const names = named(blog, path);
    return settled.length >= times && names.length >= times && names;
  }, `${path} to be looked at ${times} times`);

const put = (hub: TestHub, path: string) => hub.blog.put(path, aPost({ link: hub.hub.urls.topic(TOPIC) }));

const ping = (hub: TestHub, path: string, over: Partial<Sending> = {}) =>
  sendTo(hub, `/t/${TOPIC}/trackback`, { from: SENDER, body: { url: hub.blog.at(path) }, ...over });

/** Each way to have a post looked at, as one sender uses it. */
const DOORS: Record<string, (hub: TestHub, url: string, from: string) => Promise<unknown>> = {
  trackback: (hub, url, from) => sendTo(hub, `/t/${TOPIC}/trackback`, { from, body: { url } }),
  'trackback at the page': (hub, url, from) => sendTo(hub, `/t/${TOPIC}`, { from, body: { url } }),
  pingback: (hub, url, from) =>
    sendTo(hub, '/pingback', {
      from,
      headers: { 'Content-Type': 'text/xml' },
      body: aCall(url, hub.hub.urls.topic(TOPIC)),
    }),
  webmention: (hub, source, from) =>
    sendTo(hub, '/webmention', { from, body: { source, target: hub.hub.urls.topic(TOPIC) } }),
  'the form': (hub, url, from) => sendTo(hub, '/submit', { from, body: { url, topic: TOPIC } }),
  'a preview': (hub, url, from) =>
    sendTo(hub, '/submit', { from, body: { url, topic: TOPIC, do: 'preview' } }),
  '"Where is my ping?"': (hub, url, from) =>
    sendTo(hub, '/where-is-my-ping', { from, body: { url, topic: TOPIC } }),
};

describe('the site of a post is told who had us look', () => {
  for (const [what, send] of Object.entries(DOORS)) {
    it(`by ${what}, where the operator wants that`, async test => {
      const hub = await aNamingHub(test);
      put(hub, '/orion');
      await send(hub, hub.blog.at('/orion'), SENDER);
      assert.deepEqual(await looked(hub, '/orion'), [SENDER]);
    });

    it(`but not by ${what} otherwise`, async test => {
      const hub = await aHub(test);
      put(hub, '/orion');
      await send(hub, hub.blog.at('/orion'), SENDER);
      assert.deepEqual(await looked(hub, '/orion'), [undefined]);
    });
  }

  it('by the button on a receipt, which somebody else may press', async test => {
    const hub = await aNamingHub(test);
    put(hub, '/orion');
    await ping(hub, '/orion');
    await looked(hub, '/orion');
    const [mention] = await hub.storage.mentions.ofPost(`${hub.blog.pair}/orion`);
    hub.clock.advance(2 * MINUTE);
    await sendTo(hub, `/pings/${mention?.id}/look`, { from: '127.83.61.50', body: {} });
    assert.deepEqual(await looked(hub, '/orion', 2), [SENDER, '127.83.61.50']);
  });

  it('and so is every site on the way there', async test => {
    const hub = await aNamingHub(test);
    const other = await aBlog(test, '127.0.0.1');
    hub.allow(other);
    other.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    hub.blog.put('/short', (_request, response) =>
      response.writeHead(302, { Location: other.at('/orion') }).end(),
    );
    await ping(hub, '/short');
    assert.deepEqual(await looked(hub, '/orion', 1, other), [SENDER]);
    assert.deepEqual(named(hub.blog, '/short'), [SENDER]);
  });

  it('as far as the proxy in front says who it is', async test => {
    const hub = await aNamingHub(test, { trustProxy: 1 });
    for (const [path, forwarded, name] of [
      ['/v6', '2001:db8::7', '2001:db8::7'],
      ['/mapped', '::ffff:192.0.2.7', '192.0.2.7'],
      ['/several', '198.51.100.1, 192.0.2.8', '192.0.2.8'],
      ['/nonsense', 'nonsense', SENDER],
    ] as const) {
      put(hub, path);
      await ping(hub, path, { headers: { 'X-Forwarded-For': forwarded } });
      await until(() => named(hub.blog, path).length > 0);
      assert.deepEqual(named(hub.blog, path), [name]);
    }
  });
});

describe('nobody is named', () => {
  it('in looks that are owed to the time: at a listed post after an hour, at a missing one after 30 s', async test => {
    const hub = await aNamingHub(test);
    put(hub, '/orion');
    await ping(hub, '/orion');
    await looked(hub, '/orion');
    hub.later(HOUR);
    assert.deepEqual(await looked(hub, '/orion', 2), [SENDER, undefined]);

    await ping(hub, '/missing');
    await until(() => named(hub.blog, '/missing').length === 1);
    await looked(hub, '/orion', 2);
    await until(() => hub.logged.filter(line => line['msg'] === 'look').length === 3);
    hub.later(31 * SECOND);
    await until(() => named(hub.blog, '/missing').length === 2);
    assert.deepEqual(named(hub.blog, '/missing'), [SENDER, undefined]);
  });

  it('in the looks of a process that took no ping, but in its previews', async test => {
    const hub = await aNamingHub(test, { role: 'web' });
    put(hub, '/orion');
    await ping(hub, '/orion');
    put(hub, '/preview');
    await DOORS['a preview']?.(hub, hub.blog.at('/preview'), SENDER);
    assert.deepEqual(named(hub.blog, '/preview'), [SENDER]);
    // Had the address been kept here, it would come to light now.
    hub.hub.worker.start();
    await until(() => named(hub.blog, '/orion').length === 1);
    assert.deepEqual(named(hub.blog, '/orion'), [undefined]);
  });

  it('in the store or in the log', async test => {
    const hub = await aNamingHub(test, { rateLimits: readConfig({}).rateLimits });
    for (const [n, [what, send]] of Object.entries(DOORS).entries()) {
      put(hub, `/orion-${n}`);
      await send(hub, hub.blog.at(`/orion-${n}`), SENDER);
      await until(() => named(hub.blog, `/orion-${n}`).length === 1, what);
    }
    await ping(hub, '/', {});
    const settled = ['look', 'preview'];
    await until(
      () =>
        hub.logged.filter(line => settled.includes(String(line['msg']))).length >= Object.keys(DOORS).length,
    );
    const [stored, log] = [await everythingStored(hub.config), JSON.stringify(hub.logged)];
    for (const text of [stored, log]) {
      assert.ok(text.includes(hub.blog.at('/orion-0')), 'what is there is found');
      assert.ok(!text.includes(SENDER));
      assert.ok(!text.includes('127.83.61'));
    }
  });
});
