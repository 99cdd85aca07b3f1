import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { mongo } from 'mongoose';
import { createLimits } from '../../server/storage/mongodb/limits.ts';

type Needs = Parameters<typeof createLimits>;

const RATE = { most: 1, seconds: 600 };

/** A driver that gives the first so many counts, and none from then on. */
function aDriver(counts: number) {
  let left = counts;
  const answer = async <Value>(value: Value): Promise<Value> => (left-- > 0 ? value : new Promise(() => {}));
  return {
    insertMany: () => answer({}),
    findOneAndUpdate: () => answer({}),
  };
}

function limitsOn(driver: object) {
  const meta = { findById: () => ({ lean: async () => ({ day: '9999-12-31', key: 'of the day' }) }) };
  const parts = {
    models: { meta, limits: { collection: { name: 'limits' } } },
    now: Date.now,
    aheadMs: () => 0,
  };
  return createLimits(
    { db: { collection: () => driver } } as unknown as Needs[0],
    parts as unknown as Needs[1],
  );
}

/** Whether an answer is there, once everything has happened that needs no time. */
async function isThere(answer: Promise<unknown>): Promise<boolean> {
  let there = false;
  void answer.then(() => {
    there = true;
  });
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  return there;
}

const after = async (test: TestContext, ms: number, answer: Promise<unknown>) => {
  await isThere(answer);
  test.mock.timers.tick(ms);
  return isThere(answer);
};

describe('Z01 limits of a database that falls silent', () => {
  it('answer within 50 ms, from memory, for whom it never counted', async test => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const limit = limitsOn(aDriver(0)).of('sender', RATE);
    const answer = limit('one');
    assert.equal(await after(test, 20, answer), false, 'an answer may still come');
    assert.equal(await after(test, 30, answer), true);
    assert.equal(await answer, null);
    const second = limit('one');
    assert.ok(await isThere(second), 'without asking again');
    assert.equal((await second)?.count, 2);
  });

  it('answer within 50 ms, from memory, for whom it counted before', async test => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const limit = limitsOn(aDriver(1)).of('sender', RATE);
    assert.equal(await limit('one'), null);
    const answer = limit('one');
    assert.equal(await after(test, 50, answer), true);
    assert.equal(await answer, null, 'memory begins with the outage');
  });

  it('count others meanwhile, when only one command hangs', async test => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    let commands = 0;
    const driver = { insertMany: () => (++commands === 1 ? new Promise(() => {}) : Promise.resolve({})) };
    const limits = limitsOn(driver);
    void limits.of('sender', RATE)('one');
    const other = limits.of('sender', RATE)('two');
    await isThere(other);
    test.mock.timers.tick(10);
    assert.ok(await isThere(other));
    assert.equal(commands, 2, 'by the database');
  });
});

it('limits of a database that can insert nothing any more are counted in memory, and it is soon left alone', async () => {
  let commands = 0;
  const full = () => {
    commands++;
    return Promise.reject(new mongo.MongoServerError({ ok: 0, code: 8, errmsg: 'No space left on device' }));
  };
  const limit = limitsOn({
    insertMany: full,
    findOneAndUpdate: (_filter: unknown, _update: unknown, { upsert }: { upsert: boolean }) =>
      upsert ? full() : Promise.resolve(null),
    countDocuments: async () => 0,
  }).of('sender', RATE);
  assert.equal(await limit('one'), null);
  assert.equal((await limit('one'))?.count, 2);
  const soFar = commands;
  await isThere(limit('two'));
  assert.ok(soFar <= 5, `${soFar} commands`);
  assert.equal(commands, soFar);
});
