import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import { createConnection } from 'mongoose';
import { readConfig } from '../../server/config.ts';
import type { RateLimits } from '../../server/mentions/limit-pings.ts';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import { aClock, type Clock, DAY } from '../support/clock.ts';
import { aHub } from '../support/hub.ts';
import { aDatabase, everythingIn } from '../support/mongodb.ts';
import { aProxy } from '../support/proxy.ts';
import { sendTo } from '../support/sender.ts';
import { until } from '../support/until.ts';

const RATE = { most: 3, seconds: 600 };
/** So that a slow machine is not taken for a database that is away. */
const UNHURRIED = { countMs: 10_000 };

async function aStore(test: TestContext, uri: string, clock: Clock, over: { countMs?: number } = UNHURRIED) {
  const needs = { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
  const store = await openMongodb(uri, needs, { askTime: async () => clock.now(), ...over });
  test.after(() => store.close());
  return store;
}

describe('limits that processes share', () => {
  it('are counted together', async test => {
    const [uri, clock] = [aDatabase(test), aClock()];
    const [one, two] = [await aStore(test, uri, clock), await aStore(test, uri, clock)];
    const [first, second] = [one.limits.of('sender', RATE), two.limits.of('sender', RATE)];
    assert.equal(await first('1.2.3.4'), null);
    assert.equal(await second('1.2.3.4'), null);
    assert.equal(await first('1.2.3.4'), null);
    assert.equal((await second('1.2.3.4'))?.count, 4);
    assert.equal((await first('1.2.3.4'))?.count, 5);
  });

  it('begin anew when a window is over, whoever began it', async test => {
    const [uri, clock] = [aDatabase(test), aClock()];
    const short = { most: 1, seconds: 1 };
    const [one, two] = [await aStore(test, uri, clock), await aStore(test, uri, clock)];
    const [first, second] = [one.limits.of('pair', short), two.limits.of('pair', short)];
    await first('a post');
    const { waitMs } = (await first('a post')) ?? assert.fail('is not over the limit');
    const end = performance.now() + waitMs + 5;
    await until(() => performance.now() > end, 'the end of a window of a second');
    assert.equal(await second('a post'), null);
    assert.equal((await first('a post'))?.count, 2);
  });

  it('say so without the database to whom is far beyond a rate', async test => {
    const uri = aDatabase(test);
    const limit = (await aStore(test, uri, aClock())).limits.of('sender', RATE);
    for (let n = 1; n <= 6; n++) await limit('1.2.3.4');
    const before = await everythingIn(uri);
    const over = await limit('1.2.3.4');
    assert.equal(over?.count, null);
    assert.ok(over.waitMs > 0 && over.waitMs <= 600_000);
    assert.equal(await everythingIn(uri), before);
  });

  it('store no address, and no hash that outlives its day', async test => {
    const [uri, clock] = [aDatabase(test), aClock()];
    const hub = await aHub(test, {
      config: { mongodbUri: uri, role: 'web', rateLimits: readConfig({}).rateLimits as RateLimits },
    });
    const from = '127.0.0.77';
    const answer = await sendTo(hub, '/t/night-sky/trackback', {
      from,
      body: { url: 'http://blog.example/1' },
    });
    assert.match(answer.body, /<error>0</);
    assert.doesNotMatch(await everythingIn(uri), /127\.0\.0\.77/);

    const limit = (await aStore(test, uri, clock)).limits.of('other', RATE);
    for (let n = 0; n < 4; n++) await limit(from);
    assert.equal((await limit(from))?.count, 5);
    clock.advance(DAY);
    assert.equal(await limit(from), null, 'under another key');
    const keys = /"_id":"daily-key","day":"2026-07-18"/;
    assert.match(await everythingIn(uri), keys);
    assert.doesNotMatch(await everythingIn(uri), /"day":"2026-07-17","key"/);
  });

  it('are counted in memory for a while when the database has no count but a fault', async test => {
    const uri = aDatabase(test);
    const limit = (await aStore(test, uri, aClock())).limits.of('sender', RATE);
    await limit('1.2.3.4');
    const connection = await createConnection(uri).asPromise();
    test.after(() => connection.close());
    const counts = connection.collection('limits');
    await counts.updateMany({}, { $set: { points: 'no number' } });
    const seen: (number | null)[] = [];
    for (let n = 1; n <= 4; n++) seen.push((await limit('1.2.3.4'))?.count ?? null);
    assert.deepEqual(seen, [null, null, null, 4]);
    assert.equal(await limit('5.6.7.8'), null);
    assert.equal(await counts.countDocuments(), 1, 'the database is not asked at once');
  });

  for (const trouble of ['freeze', 'cut'] as const) {
    it(`Z01: are counted in memory while the database does not answer (${trouble}), and together again after`, async test => {
      const uri = aDatabase(test);
      const clock = aClock();
      const direct = (await aStore(test, uri, clock)).limits.of('sender', RATE);
      const proxy = await aProxy(test, uri);
      const store = await aStore(test, proxy.uri, clock, {});
      const limit = store.limits.of('sender', RATE);
      proxy[trouble]();
      // More than there are connections, so that some need a new one, as the limit may.
      const asked = Array.from({ length: 10 }, () => store.ping());
      const silent = Promise.race(asked).then(
        () => 'answered',
        () => 'given up',
      );
      for (const one of asked) one.catch(() => {});
      const counts: (number | null)[] = [];
      for (let n = 1; n <= 5; n++) counts.push((await limit('1.2.3.4'))?.count ?? null);
      assert.deepEqual(counts, [null, null, null, 4, 5]);
      const soFar = await Promise.race([silent, Promise.resolve('nothing')]);
      if (trouble === 'freeze') assert.equal(soFar, 'nothing', 'long before the driver gives up');
      proxy.mend();
      let tries = 0;
      await until(async () => {
        const key = `try ${tries++}`;
        for (let n = 0; n < 4; n++) await direct(key);
        return (await limit(key)) !== null;
      }, 'a limit that knows what another process counted');
    });
  }
});
