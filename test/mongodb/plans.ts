import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import { createConnection } from 'mongoose';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { holderOf } from '../../server/storage/mongodb/settle.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import { aClock } from '../support/clock.ts';
import { list } from '../support/mentions.ts';
import { aDatabase } from '../support/mongodb.ts';

it('what is listed under an address is asked for so that MongoDB can use the index of listings', async test => {
  const { now } = aClock();
  const uri = aDatabase(test);
  const needs = { now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
  const store = await openMongodb(uri, needs, { askTime: async () => now() });
  test.after(() => store.close());
  const topic = (await store.topics.bySlug('night-sky')) ?? assert.fail();
  await list(store, topic, 'blog.example/orion');

  const connection = await createConnection(uri).asPromise();
  test.after(() => connection.close());
  const holder = holderOf(topic.id, 'blog.example/orion');
  const found = connection.collection('mentions').find({ $or: [{ pings: -1, leaseToken: 'other' }, holder] });
  assert.equal((await found.toArray()).length, 1);
  // Engines word their plans differently, but name the index; one that was thought of and not taken does not count.
  const { queryPlanner } = await found.explain();
  assert.match(JSON.stringify(queryPlanner?.winningPlan ?? queryPlanner), /mentions_listed_key/);
});
