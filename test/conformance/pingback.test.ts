import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aPost } from '../support/blog.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { aCall, callOf, readResponse } from '../support/pingback.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

const call = async (hub: TestHub, source: string, target = hub.hub.urls.topic(TOPIC)) =>
  readResponse(await (await send(hub, aCall(source, target))).text());

const send = (hub: TestHub, body: string, headers: Record<string, string> = { 'Content-Type': 'text/xml' }) =>
  fetch(hub.hub.urls.pingback, { method: 'POST', headers, body });

const codeOf = (said: Awaited<ReturnType<typeof call>>) => ('code' in said ? said.code : said);

describe('Pingback 1.0, section 2, "Server Autodiscovery"', () => {
  it('"an HTTP header named X-Pingback, whose value must be the absolute URI of an XML-RPC server", on GET and HEAD', async test => {
    const hub = await aHub(test);
    const { address } = hub;
    for (const round of ['made', 'kept']) {
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${address}/t/${TOPIC}`, { method });
        assert.equal(response.headers.get('x-pingback'), hub.hub.urls.pingback, `${method} ${round}`);
      }
    }
  });

  it('the link element names the same server as the header', async test => {
    const hub = await aHub(test);
    const page = await hub.text(`/t/${TOPIC}`);
    const found = [...page.matchAll(/<link rel="pingback" href="([^"]+)" ?\/?>/g)].map(match => match[1]);
    assert.deepEqual(found, [hub.hub.urls.pingback]);
  });

  it('is on topic pages only', async test => {
    const hub = await aHub(test);
    for (const path of ['/', '/nothing', `/t/${TOPIC}/trackback`, `/t/${TOPIC}.rss`]) {
      const response = await hub.get(path);
      assert.equal(response.headers.get('x-pingback'), null, path);
      assert.doesNotMatch(await response.text(), /rel="?pingback/, path);
    }
  });
});

describe('Pingback 1.0, section 3, "The XML-RPC Interface"', () => {
  it('"the return value must be a single string, containing as much information as the server deems useful"', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const response = await send(hub, aCall(hub.blog.at('/1'), hub.hub.urls.topic(TOPIC)));
    assert.equal(response.status, 200);
    assert.match(String(response.headers.get('content-type')), /^text\/xml/);
    const body = await response.text();
    assert.doesNotMatch(body, /fault/i);
    const topic = await hub.storage.topics.bySlug(TOPIC);
    const [mention] = await hub.storage.mentions.all(String(topic?.id), 1);
    const said = readResponse(body);
    assert.ok('value' in said && said.value.endsWith(hub.hub.urls.receipt(String(mention?.id))), body);
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('via </span>Pingback'));
  });

  it('"16: The source URI does not exist", as far as can be known without asking', async test => {
    const hub = await aHub(test);
    for (const source of ['', 'nonsense', 'ftp://blog.example/1', 'http://10.0.0.1/1']) {
      assert.equal(codeOf(await call(hub, source)), 16, source);
    }
  });

  it('"17: The source URI … cannot be used as a source"', async test => {
    const hub = await aHub(test);
    assert.equal(codeOf(await call(hub, hub.hub.urls.topic('bread-baking'))), 17);
    assert.equal(codeOf(await call(hub, `http://${hub.blog.pair}/`)), 17);
  });

  it('"32: The specified target URI does not exist. This must only be used when the target definitely does not exist"', async test => {
    const hub = await aHub(test);
    assert.equal(codeOf(await call(hub, hub.blog.at('/1'), hub.hub.urls.topic('nobody'))), 32);
  });

  it('"33: The specified target URI cannot be used as a target … trying to pingback the home page … will fail with this error"', async test => {
    const hub = await aHub(test);
    for (const [target, words] of [
      [hub.hub.urls.home, /front page/],
      [`${hub.address}/livez`, /not of a topic/],
      ['https://elsewhere.example/t/night-sky', /not an address of this hub/],
      ['nonsense', /not a full web address/],
      ['', /empty/],
    ] as const) {
      const said = await call(hub, hub.blog.at('/1'), target);
      assert.ok('code' in said, target);
      assert.equal(said.code, 33, target);
      assert.match(said.words, words);
    }
  });

  it('a pingback that has been registered is taken again, so never "48"', async test => {
    const hub = await aHub(test);
    hub.blog.put('/1', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const first = await call(hub, hub.blog.at('/1'));
    assert.ok('value' in first);
    assert.deepEqual(await call(hub, hub.blog.at('/1')), first);
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
    assert.deepEqual(await call(hub, hub.blog.at('/1')), first);
  });

  it('"49: Access denied", for a post that the operator took down', async test => {
    const hub = await aHub(test);
    await call(hub, hub.blog.at('/1'));
    const topic = await hub.storage.topics.bySlug(TOPIC);
    await hub.storage.mentions.remove(String(topic?.id), `${hub.blog.pair}/1`);
    assert.equal(codeOf(await call(hub, hub.blog.at('/1'))), 49);
  });

  it('"In addition, [FaultCodes] defines some standard fault codes that servers MAY use"', async test => {
    const hub = await aHub(test);
    const codes: [number, string][] = [
      [-32700, 'not XML'],
      [-32601, callOf('', 'system.listMethods')],
      [-32601, callOf('', 'system.multicall')],
      [-32602, callOf('<param><value>x</value></param>')],
    ];
    for (const [code, body] of codes) {
      const response = await send(hub, body);
      assert.equal(response.status, 200, body);
      assert.equal(codeOf(readResponse(await response.text())), code, body);
    }
  });

  it('erratum of 2007: the source is fetched after the answer, so no call can make the hub wait for it', async test => {
    const hub = await aHub(test);
    let hanging = false;
    hub.blog.put('/slow', () => {
      hanging = true;
    });
    assert.ok('value' in (await call(hub, hub.blog.at('/slow'))));
    await until(() => hanging);
  });
});
