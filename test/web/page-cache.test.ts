import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { createPageCache } from '../../server/web/page-cache.ts';
import { aClock } from '../support/clock.ts';
import { until } from '../support/until.ts';

/** A page whose version a test raises, served by the real cache over HTTP. */
async function aPage(test: TestContext) {
  const clock = aClock();
  const stopwatch = aClock(0);
  const cache = createPageCache({
    build: 'b1',
    now: clock.now,
    elapsed: stopwatch.now,
    always: [['X-Always', 'yes']],
  });
  const page = {
    version: 1,
    body: `<p>${'version 1 '.repeat(200)}</p>`,
    renderings: 0,
    reads: 0,
    whileRendering: (): unknown => undefined,
  };
  const server = createServer(async (incoming, response) => {
    if (cache.answer(incoming, response)) return;
    page.reads++;
    const moment = cache.moment();
    const answer = cache.serve(incoming, response, {
      address: '/page',
      moment,
      edition: { owner: 'topic', version: page.version },
      render: async () => {
        page.renderings++;
        const { body } = page;
        await page.whileRendering();
        return {
          type: 'text/html; charset=utf-8',
          body,
          changedAt: clock.now(),
          headers: [['X-Own', 'too']],
        };
      },
    });
    await answer.catch(() => response.writeHead(500).end());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  test.after(() => server.close());
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page`;
  const ask = async (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') => {
    const { statusCode, headers: got, body } = await request(address, { headers, method });
    return { status: statusCode, headers: got, bytes: Buffer.from(await body.arrayBuffer()) };
  };
  return { cache, clock, stopwatch, page, ask };
}

describe('a finished page', () => {
  it('is rendered once for any number of readers who come together', async test => {
    const { page, ask } = await aPage(test);
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    assert.equal(page.renderings, 1);
  });

  it('is the same in every encoding, and each says so', async test => {
    const { page, ask } = await aPage(test);
    const plain = await ask();
    const gzip = await ask({ 'accept-encoding': 'gzip, deflate' });
    const br = await ask({ 'accept-encoding': 'gzip;q=0.8, br' });
    assert.equal(plain.bytes.toString(), page.body);
    assert.equal(gunzipSync(gzip.bytes).toString(), page.body);
    assert.equal(brotliDecompressSync(br.bytes).toString(), page.body);
    assert.deepEqual(
      [plain, gzip, br].map(one => one.headers['content-encoding']),
      [undefined, 'gzip', 'br'],
    );
    assert.equal(new Set([plain, gzip, br].map(one => one.headers['etag'])).size, 3);
    for (const one of [plain, gzip, br]) {
      assert.equal(one.headers['vary'], 'Accept-Encoding');
      assert.equal(one.headers['content-length'], String(one.bytes.length));
      assert.equal(one.headers['x-always'], 'yes');
      assert.equal(one.headers['x-own'], 'too');
    }
  });

  it('is sent as it is to those who forbid every encoding we have', async test => {
    const { ask } = await aPage(test);
    assert.equal((await ask({ 'accept-encoding': 'zstd' })).headers['content-encoding'], undefined);
    assert.equal(
      (await ask({ 'accept-encoding': 'br;q=0, gzip;q=0' })).headers['content-encoding'],
      undefined,
    );
  });

  it('is a 304 for any of its tags, weak or in a list, and for the star', async test => {
    const { ask } = await aPage(test);
    const etag = String((await ask({ 'accept-encoding': 'br' })).headers['etag']);
    for (const match of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await ask({ 'if-none-match': match });
      assert.deepEqual([answer.status, answer.bytes.length], [304, 0], match);
      assert.ok(answer.headers['etag']);
    }
    assert.equal((await ask({ 'if-none-match': '"other"' })).status, 200);
  });

  it('is a 304 since its last change, unless a tag says otherwise', async test => {
    const { ask } = await aPage(test);
    const modified = String((await ask()).headers['last-modified']);
    assert.equal((await ask({ 'if-modified-since': modified })).status, 304);
    assert.equal((await ask({ 'if-modified-since': 'nonsense' })).status, 200);
    assert.equal((await ask({ 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' })).status, 200);
    assert.equal((await ask({ 'if-modified-since': modified, 'if-none-match': '"other"' })).status, 200);
  });

  it('has the same headers for HEAD, and no body', async test => {
    const { ask } = await aPage(test);
    const get = await ask();
    const head = await ask({}, 'HEAD');
    assert.equal(head.bytes.length, 0);
    const ofPage = ({ date: _date, connection: _c, 'keep-alive': _k, ...rest }: typeof get.headers) => rest;
    assert.deepEqual(ofPage(head.headers), ofPage(get.headers));
  });

  it('asks for the version again after a second, and renders only if it changed', async test => {
    const { page, ask, clock } = await aPage(test);
    await ask();
    clock.advance(999);
    await ask();
    assert.equal(page.reads, 1);
    clock.advance(1);
    await ask();
    assert.deepEqual([page.reads, page.renderings], [2, 1]);
    page.version = 2;
    clock.advance(1_000);
    await ask();
    assert.deepEqual([page.reads, page.renderings], [3, 2]);
  });

  it('shows a change of this process at once', async test => {
    const { page, ask, cache } = await aPage(test);
    await ask();
    page.version = 2;
    page.body = 'version 2';
    cache.forget('another topic');
    assert.match((await ask()).bytes.toString(), /version 1/);
    cache.forget('topic');
    assert.equal((await ask()).bytes.toString(), 'version 2');
  });

  it('shows ten changes in a row at once, and in a storm ten a second', async test => {
    const { page, ask, cache, stopwatch } = await aPage(test);
    const shown = async () => Number((await ask()).bytes.toString());
    const change = () => {
      page.body = String(++page.version);
      cache.forget('topic');
    };
    await ask();
    for (let n = 0; n < 10; n++) {
      change();
      assert.equal(await shown(), page.version);
    }
    for (let tenths = 0; tenths < 5; tenths++) {
      const stood = page.version;
      for (const ms of [0, 40, 59]) {
        stopwatch.advance(ms);
        change();
        await ask({ 'accept-encoding': 'gzip' });
        const { reads } = page;
        assert.equal(await shown(), stood);
        assert.equal(page.reads, reads);
      }
      stopwatch.advance(1);
      assert.equal(await shown(), stood, 'nobody waits for the next one');
      await until(async () => (await shown()) === page.version);
      const { reads } = page;
      assert.equal((await ask({ 'accept-encoding': 'gzip' })).headers['content-encoding'], 'gzip');
      assert.equal(page.reads, reads, 'nor for its bytes');
    }
    assert.equal(page.renderings, 16);
    stopwatch.advance(1_000);
    for (let n = 0; n < 10; n++) {
      change();
      assert.equal(await shown(), page.version);
    }
  });

  it('that has stood for long is not shown once more, whatever storm it was made in', async test => {
    const { page, ask, cache, stopwatch } = await aPage(test);
    const shown = async () => (await ask()).bytes.toString();
    for (let n = 0; n < 12; n++) {
      page.body = String(++page.version);
      cache.forget('topic');
      await ask();
    }
    stopwatch.advance(200);
    assert.equal(await shown(), page.body);
  });

  it('that cannot be made while another one stands is asked for again, and then its reader is told', async test => {
    const { page, ask, cache, stopwatch } = await aPage(test);
    const change = () => {
      page.body = String(++page.version);
      cache.forget('topic');
    };
    await ask();
    for (let n = 0; n < 11; n++) {
      change();
      await ask();
    }
    const stood = (await ask()).bytes.toString();
    change();
    page.whileRendering = () => Promise.reject(new Error('no list'));
    const { renderings } = page;
    stopwatch.advance(100);
    assert.equal((await ask()).bytes.toString(), stood);
    await until(() => page.renderings === renderings + 1);
    stopwatch.advance(100);
    assert.equal((await ask()).status, 500);
  });

  it('is not taken for fresh when something changed while it was rendered', async test => {
    const { page, ask, cache } = await aPage(test);
    page.whileRendering = () => cache.forget('topic');
    await ask();
    page.version = 2;
    page.body = 'version 2';
    assert.equal((await ask()).bytes.toString(), 'version 2');
  });

  it('is never replaced by an older one that took longer', async test => {
    const { page, ask, clock } = await aPage(test);
    let finish = () => {};
    const held = new Promise<void>(resolve => {
      finish = resolve;
    });
    page.whileRendering = () => held;
    const slow = ask();
    await until(() => page.renderings === 1);
    page.whileRendering = () => {};
    page.version = 2;
    page.body = 'version 2';
    assert.equal((await ask()).bytes.toString(), 'version 2');
    finish();
    await slow;
    clock.advance(500);
    assert.equal((await ask()).bytes.toString(), 'version 2');
  });

  it('is asked for again when the clock was set back', async test => {
    const { page, ask, clock } = await aPage(test);
    await ask();
    clock.advance(-3_600_000);
    page.version = 2;
    page.body = 'version 2';
    assert.equal((await ask()).bytes.toString(), 'version 2');
  });
});
