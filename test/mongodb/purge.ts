import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { createConnection } from 'mongoose';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { atRest } from '../../server/storage/mongodb/purge.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import { aClock, DAY } from '../support/clock.ts';
import { list } from '../support/mentions.ts';
import { aDatabase } from '../support/mongodb.ts';

it('what was emptied by a purge of MongoDB leaves the index that the next one asks', async test => {
  const clock = aClock();
  const uri = aDatabase(test);
  const needs = { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
  const store = await openMongodb(uri, needs, { askTime: async () => clock.now() });
  test.after(() => store.close());
  const topic = (await store.topics.bySlug('night-sky')) ?? assert.fail();
  const pattern = await list(store, topic, 'blog.example/pattern');
  const copies = Array.from({ length: 1_500 }, (_, n) => ({
    ...pattern,
    id: String(n).padStart(10, '0'),
    key: `blog.example/${n}`,
    listedKey: `blog.example/${n}`,
    status: 'removed' as const,
    due: null,
    shownDoors: [],
    pings: 1,
  }));
  await store.records.write('mentions', copies);
  clock.advance(91 * DAY);
  assert.equal(await store.mentions.purge(90), copies.length);

  const connection = await createConnection(uri).asPromise();
  test.after(() => connection.close());
  const mentions = connection.collection('mentions');
  const index = (await mentions.indexes()).find(one => one.name === 'mentions_forgettable');
  const inIndex = index?.['partialFilterExpression'] ?? assert.fail();
  assert.equal(await mentions.countDocuments(inIndex), 0);
  // Engines word their plans differently, but name the index.
  const plan = await mentions.find({ ...atRest(clock.now()), status: { $in: ['removed'] } }).explain();
  assert.match(JSON.stringify(plan), /mentions_forgettable/);
});
