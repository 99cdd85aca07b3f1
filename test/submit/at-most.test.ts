import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atMost } from '../../server/submit/at-most.ts';

test('so many jobs run at once, the next is turned away, and a job that fails makes room too', async () => {
  const inTurn = atMost(2);
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<string>();
  const jobs = [inTurn(() => first.promise), inTurn(() => second.promise)];
  assert.equal(await inTurn(async () => 'third'), 'busy');
  first.reject(new Error('broke'));
  await assert.rejects(jobs[0] as Promise<string>, /broke/);
  assert.equal(await inTurn(async () => 'fourth'), 'fourth');
  second.resolve('second');
  assert.equal(await jobs[1], 'second');
});
