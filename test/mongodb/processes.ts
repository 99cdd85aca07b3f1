import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { getPriority } from 'node:os';
import { describe, it } from 'node:test';
import mongoose, { createConnection } from 'mongoose';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import type { Host } from '../../server/verification/visits.ts';
import { aBlog, aPost } from '../support/blog.ts';
import { aClock, MINUTE, SECOND } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { aHub, readAnswer } from '../support/hub.ts';
import { aDatabase } from '../support/mongodb.ts';
import { anOldMongodb } from '../support/old-mongodb.ts';
import { runHub } from '../support/process.ts';
import { aProxy } from '../support/proxy.ts';
import { stopWhilePinged } from '../support/stop-while-pinged.ts';
import { until } from '../support/until.ts';

const ping = async (address: string, url: string) =>
  readAnswer(
    await (
      await fetch(`${address}/t/night-sky/trackback`, { method: 'POST', body: new URLSearchParams({ url }) })
    ).text(),
  );

describe('two webs and two workers on one MongoDB', () => {
  it('look at a ping once, list it once, and both show it', async test => {
    const blog = await aBlog(test);
    const env = { MONGODB_URI: aDatabase(test), FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' };
    const [one, two] = ['web', 'web', 'worker', 'worker'].map(role =>
      runHub(test, aFolder(test), { ...env, ROLE: role }),
    );
    assert.ok(one && two);
    const [first, second] = [await one.listening(), await two.listening()];
    for (let n = 0; n < 10; n++) {
      blog.put(`/${n}`, aPost({ link: 'http://hub.test/t/night-sky', title: `Post ${n}` }));
      assert.equal((await ping(n % 2 ? first : second, blog.at(`/${n}`))).error, '0');
    }
    for (const address of [first, second]) {
      await until(async () => /<b>10<\/b> posts/.test(await (await fetch(`${address}/t/night-sky`)).text()));
    }
    const asked = blog.requests.map(request => request.path).sort();
    assert.deepEqual(
      asked,
      [...Array(10).keys()].map(n => `/${n}`),
    );
    // Each remembers a version for a second.
    await until(async () => {
      const etags = await Promise.all(
        [first, second].map(async address => (await fetch(`${address}/t/night-sky`)).headers.get('etag')),
      );
      return etags[0] === etags[1];
    }, 'both to show the same edition');
  });

  it('count their visits together', async test => {
    const [uri, clock] = [aDatabase(test), aClock()];
    const stores = await Promise.all(
      (['owner', 'command'] as const).map(as =>
        openMongodb(
          uri,
          { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, as },
          { askTime: async () => clock.now(), countMs: 10_000 },
        ),
      ),
    );
    test.after(() => Promise.all(stores.map(store => store.close())));
    const enter = (host: Host, token: string) =>
      Promise.all(
        stores.map(({ visits }, n) => visits.begin(host, { token: `${token}-${n}`, forMs: 20 * SECOND })),
      );
    for (const [kind, atOnce] of [
      ['site', 2],
      ['address', 4],
    ] as const) {
      const host = { kind, name: 'busy.example' };
      const waits = await Promise.all(Array.from({ length: 20 }, (_, n) => enter(host, `look-${n}`)));
      assert.equal(waits.flat().filter(wait => wait === null).length, atOnce);
    }
    const host = { kind: 'site', name: 'quick.example' } as const;
    let allowed = 0;
    for (let n = 0; n < 10; n++) {
      allowed += (await enter(host, `look-${n}`)).filter(wait => wait === null).length;
      await Promise.all(stores.map(({ visits }, at) => visits.end([host], `look-${n}-${at}`)));
    }
    assert.equal(allowed, 10);
    const full = await Promise.all(stores.map(({ visits }) => visits.fullSites()));
    for (const sites of full) assert.deepEqual([...sites.keys()].sort(), ['busy.example', 'quick.example']);
  });

  it('a worker serves nothing but its health, and stands behind the others', async test => {
    const env = { MONGODB_URI: aDatabase(test) };
    const worker = runHub(test, aFolder(test), { ...env, ROLE: 'worker' });
    const web = runHub(test, aFolder(test), { ...env, ROLE: 'web' });
    const address = await worker.listening();
    await web.listening();
    assert.deepEqual(
      [worker, web].map(({ child }) => getPriority(child.pid)),
      [Math.max(10, getPriority()), getPriority()],
    );
    assert.equal((await fetch(`${address}/readyz`)).status, 200);
    assert.equal((await fetch(`${address}/t/night-sky`)).status, 404);
    worker.child.kill('SIGTERM');
    assert.equal(await worker.ended(), 0);
  });

  it('Z04 a worker that was held up past its lease is fenced', async test => {
    const slow = await aHub(test);
    const fast = await aHub(test, {
      config: {
        mongodbUri: slow.config.mongodbUri,
        baseUrl: slow.address,
        fetchAllow: slow.config.fetchAllow,
      },
      world: { now: slow.clock.now, onMongodb: { askTime: async () => slow.clock.now() } },
    });
    let answerFirst = () => {};
    slow.blog.put('/1', (_request, response) => {
      if (slow.blog.requests.length > 1) {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end(aPost({ link: `${slow.address}/t/night-sky`, title: 'Seen by the second' }));
        return;
      }
      answerFirst = () =>
        response.writeHead(200, { 'Content-Type': 'text/html' }).end(aPost({ title: 'No link' }));
    });
    await fast.hub.worker.stop();
    await slow.ping('night-sky', { url: slow.blog.at('/1') });
    await until(() => slow.blog.requests.length === 1);
    slow.clock.advance(MINUTE + SECOND);
    fast.hub.worker.start();
    // Either worker may be the one that takes it over; the other process' page may stand for another second.
    const isShown = async ({ text }: typeof slow) =>
      (await text('/t/night-sky')).includes('Seen by the second');
    await until(async () => (await isShown(slow)) || isShown(fast));
    answerFirst();
    await until(() => slow.logged.some(line => line['result'] === 'stale'));
    slow.clock.advance(SECOND);
    assert.deepEqual([await isShown(slow), await isShown(fast)], [true, true]);
  });
});

describe('a MongoDB that goes away', () => {
  for (const how of ['freeze', 'cut'] as const) {
    it(`(${how}): pings are told so, pages come as they were last or with 503, and all goes on afterwards`, async test => {
      const blog = await aBlog(test);
      const proxy = await aProxy(test, aDatabase(test));
      const hub = runHub(test, aFolder(test), { MONGODB_URI: proxy.uri, FETCH_ALLOW: blog.pair });
      const address = await hub.listening();
      const page = async () => (await fetch(`${address}/t/night-sky`)).text();
      blog.put('/1', aPost({ link: `${address}/t/night-sky` }));
      blog.put('/2', aPost({ link: `${address}/t/night-sky`, title: 'Written during the outage' }));
      assert.equal((await ping(address, blog.at('/1'))).error, '0');
      await until(async () => (await page()).includes('Orion in winter'));

      proxy[how]();
      const answer = await ping(address, blog.at('/2'));
      assert.deepEqual(
        [answer.error, answer.message],
        ['1', 'The ping could not be recorded. Send it again later.'],
      );
      const asked = await fetch(`${address}/where-is-my-ping`, {
        method: 'POST',
        body: new URLSearchParams({ url: blog.at('/2'), topic: 'night-sky' }),
      });
      assert.deepEqual([asked.status, asked.headers.get('retry-after')], [503, '30']);
      assert.match(await asked.text(), /Nothing could be recorded/);
      await until(async () => (await fetch(`${address}/readyz`)).status === 503);
      const cached = await fetch(`${address}/t/night-sky`);
      assert.equal(cached.status, 200);
      assert.match(await cached.text(), /Orion in winter/);
      const uncached = await fetch(`${address}/t/bread-baking`);
      assert.deepEqual([uncached.status, uncached.headers.get('retry-after')], [503, '30']);
      assert.match(await uncached.text(), /Something broke on our side/);
      assert.equal((await fetch(`${address}/livez`)).status, 200);

      proxy.mend();
      await until(async () => (await fetch(`${address}/readyz`)).status === 200);
      await until(async () => (await ping(address, blog.at('/2'))).error === '0');
      await until(async () => (await page()).includes('Written during the outage'));
    });
  }
});

describe('a store on a MongoDB that goes away', () => {
  it('knows it, so that nobody waits for it, and finds it again though nobody asks', async test => {
    const proxy = await aProxy(test, aDatabase(test));
    const needs = { now: Date.now, random: randomBytes, as: 'owner' as const, starters: [] };
    const store = await openMongodb(proxy.uri, needs);
    test.after(() => store.close());
    assert.equal(store.patienceMs(), Number.POSITIVE_INFINITY);
    proxy.cut();
    await until(() => store.patienceMs() < 1_000, 'the store to miss it');
    await until(() => store.patienceMs() === 0, 'the store to know');
    proxy.mend();
    await until(() => store.patienceMs() === Number.POSITIVE_INFINITY, 'the store to find it again');
    await store.ping();
  });
});

describe('a MongoDB that is not there yet', () => {
  it('is waited for', async test => {
    const proxy = await aProxy(test, aDatabase(test));
    proxy.cut();
    const hub = runHub(test, aFolder(test), { MONGODB_URI: proxy.uri });
    await until(() => proxy.turnedAway() > 0, 'the hub to ask for it');
    proxy.mend();
    assert.equal((await ping(await hub.listening(), 'http://blog.example/1')).error, '0');
  });

  it('is waited for, too, when it goes away while it is opened', async test => {
    const uri = aDatabase(test);
    let asked = 0;
    const askTime = async () => {
      if (++asked === 1) throw Object.assign(new Error('hung up'), { name: 'MongoNetworkError' });
      return Date.now();
    };
    const store = await openMongodb(
      uri,
      { now: Date.now, random: randomBytes, as: 'owner', starters: [] },
      { askTime },
    );
    test.after(() => store.close());
    assert.equal(asked, 2);
    await store.ping();
  });

  it('is waited for, too, when it answers with faults while it is opened', async test => {
    let faults = 0;
    const exec = mongoose.Query.prototype.exec;
    test.mock.method(mongoose.Query.prototype, 'exec', function (this: mongoose.Query<unknown, unknown>) {
      if (++faults > 2) return exec.call(this);
      return Promise.reject(new mongoose.mongo.MongoServerError({ message: 'shutting down', code: 91 }));
    });
    const { now } = aClock();
    const needs = { now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' } as const;
    const store = await openMongodb(aDatabase(test), needs);
    test.after(() => store.close());
    assert.equal((await store.topics.list()).length, 3);
  });
});

describe('a hub on MongoDB that is told to stop', () => {
  it('Z09 answers what is in flight, all of it recorded', async test => {
    const env = { MONGODB_URI: aDatabase(test), ROLE: 'web' };
    await stopWhilePinged(runHub(test, aFolder(test), env), 20);
    const connection = await createConnection(env.MONGODB_URI).asPromise();
    assert.equal(await connection.collection('mentions').countDocuments(), 20);
    await connection.close();
  });
});

describe('a MongoDB that cannot be used', () => {
  it('because its address is none: one sentence, exit code 78', async test => {
    for (const uri of ['mongodb://', 'http://127.0.0.1:27017/x', 'mongodb://a:b:c/?x=y']) {
      const hub = runHub(test, aFolder(test), { MONGODB_URI: uri });
      assert.equal(await hub.ended(), 78, uri);
      assert.match(hub.errors(), /^topichub: MONGODB_URI .*\n$/);
    }
  });

  it('because it does not know the password: one sentence, exit code 1', async test => {
    const uri = new URL(aDatabase(test).replace(/^mongodb/, 'http'));
    uri.username = 'nobody';
    uri.password = 'wrong';
    const hub = runHub(test, aFolder(test), { MONGODB_URI: uri.href.replace(/^http/, 'mongodb') });
    assert.equal(await hub.ended(), 1);
    assert.match(hub.errors(), /^topichub: The database at MONGODB_URI cannot be used: Auth.*\n$/);
  });

  it('because it is too old: one sentence, exit code 1', async test => {
    const hub = runHub(test, aFolder(test), { MONGODB_URI: await anOldMongodb(test) });
    assert.equal(await hub.ended(), 1);
    assert.match(
      hub.errors(),
      /^topichub: The database at MONGODB_URI cannot be used: .*wire version 6.*\n$/,
    );
  });

  it('Z08 because posts are there twice, so that the unique index cannot be built: one sentence, exit code 1', async test => {
    const uri = aDatabase(test);
    const connection = await createConnection(uri).asPromise();
    const twice = { topicId: 't', key: 'k' };
    await connection.collection('mentions').insertMany([{ ...twice }, { ...twice }]);
    await connection.close();
    const hub = runHub(test, aFolder(test), { MONGODB_URI: uri });
    assert.equal(await hub.ended(), 1);
    assert.match(hub.errors(), /^topichub: The index mentions_post of the database is missing.*\n$/);
  });

  it('because a newer program wrote it: one sentence, exit code 1', async test => {
    const uri = aDatabase(test);
    const connection = await createConnection(uri).asPromise();
    await connection
      .collection<{ _id: string; version: number }>('meta')
      .insertOne({ _id: 'schema', version: 999 });
    await connection.close();
    const hub = runHub(test, aFolder(test), { MONGODB_URI: uri });
    assert.equal(await hub.ended(), 1);
    assert.match(hub.errors(), /^topichub: The database was written by a newer topichub.*\n$/);
  });
});
