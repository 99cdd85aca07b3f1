import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import mongoose, { mongo } from 'mongoose';
import type { Mention } from '../../server/mentions/mention.ts';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { STARTER_TOPICS, type Topic } from '../../server/topics/topic.ts';
import { aClock } from '../support/clock.ts';
import { aPing } from '../support/mentions.ts';
import { aDatabase } from '../support/mongodb.ts';

/** So that a slow machine is not taken for a database that is away. */
const UNHURRIED = { countMs: 10_000 };

async function aStore(test: TestContext, uri = aDatabase(test)) {
  const { now } = aClock();
  const needs = { now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
  const store = await openMongodb(uri, needs, { askTime: async () => now(), ...UNHURRIED });
  test.after(() => store.close());
  return { ...store, topic: (await store.topics.bySlug('night-sky')) as Topic };
}

/** What is sent to the database meanwhile by this method of the driver. */
const commandsOf = (test: TestContext, method: 'insertMany' | 'insertOne' | 'findOneAndUpdate') =>
  test.mock.method(mongo.Collection.prototype, method).mock;

const KEYS = Array.from({ length: 50 }, (_, number) => `blog.example/${number}`);

describe('what comes at the same moment is few commands on MongoDB', () => {
  it('a flood of equal refusals, since each would wait for the locks of the others', async test => {
    const { refusals } = await aStore(test);
    const queries = test.mock.method(mongoose.Query.prototype, 'exec').mock;
    const refused = { key: 'blog.example/1', topicId: null, reason: 'unknown-topic' } as const;
    await Promise.all(Array.from({ length: 50 }, () => refusals.note(refused)));
    assert.ok(queries.callCount() <= 2, `${queries.callCount()} writes`);
    assert.equal((await refusals.ofKey(refused.key))[0]?.count, 50);
  });

  it('pings of many posts', async test => {
    const { mentions, topic } = await aStore(test);
    const inserts = commandsOf(test, 'insertMany');
    const taken = await Promise.all(KEYS.map(key => mentions.take(aPing(topic, key))));
    assert.ok(inserts.callCount() <= 2, `${inserts.callCount()} commands`);
    const ids = new Set(taken.map(mention => (mention as Mention).id));
    assert.equal(ids.size, 50);
    assert.deepEqual(new Set((await mentions.all(topic.id, 100)).map(mention => mention.id)), ids);
  });

  it('pings of many posts; when a command fails, each post goes alone', async test => {
    const { mentions, topic } = await aStore(test);
    const insertMany = test.mock.method(mongo.Collection.prototype, 'insertMany', () => {
      const fault = new mongo.MongoServerError({ ok: 0, errmsg: 'one of these breaks me' });
      return Promise.reject(new mongo.MongoBulkWriteError(fault, {} as mongo.BulkWriteResult));
    }).mock;
    await Promise.all(KEYS.map(key => mentions.take(aPing(topic, key))));
    assert.ok(insertMany.callCount() <= 2, `${insertMany.callCount()} in vain`);
    assert.equal((await mentions.all(topic.id, 100)).length, 50);
  });

  it('pings, of which a majority of the servers has each on disk before it is answered', async test => {
    const { mentions, topic } = await aStore(test);
    const together = commandsOf(test, 'insertMany');
    await mentions.take(aPing(topic, 'blog.example/1'));
    const alone = commandsOf(test, 'insertOne');
    test.mock.method(mongo.Collection.prototype, 'insertMany', () =>
      Promise.reject(new mongo.MongoServerError({ ok: 0, errmsg: 'not now' })),
    );
    await mentions.take(aPing(topic, 'blog.example/2'));
    for (const { calls } of [together, alone]) {
      const concern = (calls[0]?.this as mongo.Collection).writeConcern;
      assert.deepEqual({ w: concern?.w, journal: concern?.journal }, { w: 'majority', journal: true });
      assert.equal((calls[0]?.arguments[1] as mongo.InsertOneOptions | undefined)?.writeConcern, undefined);
    }
  });

  it('windows of limits, each with its exact first count', async test => {
    const { limits } = await aStore(test);
    const inserts = commandsOf(test, 'insertMany');
    const counts = commandsOf(test, 'findOneAndUpdate');
    const limit = limits.of('pair', { most: 1, seconds: 600 });
    // The key that all hashes are made with is asked for once.
    await limit('first');
    const before = counts.callCount();
    assert.deepEqual(
      await Promise.all(KEYS.map(limit)),
      KEYS.map(() => null),
    );
    assert.ok(inserts.callCount() <= 3, `${inserts.callCount()} commands`);
    assert.equal(counts.callCount() - before, 0);
    const again = await Promise.all(KEYS.map(limit));
    assert.deepEqual(
      again.map(over => over?.count),
      KEYS.map(() => 2),
    );
  });

  it('windows of limits, counted one by one when the command fails', async test => {
    const { limits } = await aStore(test);
    test.mock.method(mongo.Collection.prototype, 'insertMany', () => {
      const fault = new mongo.MongoServerError({ ok: 0, errmsg: 'deadlock detected' });
      return Promise.reject(new mongo.MongoBulkWriteError(fault, {} as mongo.BulkWriteResult));
    });
    const limit = limits.of('pair', { most: 1, seconds: 600 });
    assert.deepEqual(
      await Promise.all(KEYS.map(limit)),
      KEYS.map(() => null),
    );
    assert.deepEqual(
      (await Promise.all(KEYS.map(limit))).map(over => over?.count),
      KEYS.map(() => 2),
    );
  });

  it('windows of limits that two processes begin at once: one of them has the first count', async test => {
    const uri = aDatabase(test);
    const pair = { most: 1, seconds: 600 };
    const both = [await aStore(test, uri), await aStore(test, uri)].map(({ limits }) =>
      limits.of('pair', pair),
    );
    const answers = await Promise.all(both.map(limit => Promise.all(KEYS.map(limit))));
    for (const [index, key] of KEYS.entries()) {
      const counts = answers.map(all => all[index]?.count ?? 1);
      assert.deepEqual(counts.sort(), [1, 2], key);
    }
  });
});
