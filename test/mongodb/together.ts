import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { it } from 'node:test';
import mongoose from 'mongoose';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import { aClock } from '../support/clock.ts';
import { aDatabase } from '../support/mongodb.ts';

it('a flood of equal refusals is a write or two on MongoDB, since each would wait for the locks of the others', async test => {
  const { now } = aClock();
  const needs = { now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
  const { refusals, close } = await openMongodb(aDatabase(test), needs, { askTime: async () => now() });
  test.after(close);
  const queries = test.mock.method(mongoose.Query.prototype, 'exec');
  const refused = { key: 'blog.example/1', topicId: null, reason: 'unknown-topic' } as const;
  await Promise.all(Array.from({ length: 50 }, () => refusals.note(refused)));
  assert.ok(queries.mock.callCount() <= 2, `${queries.mock.callCount()} writes`);
  assert.equal((await refusals.ofKey(refused.key))[0]?.count, 50);
});
