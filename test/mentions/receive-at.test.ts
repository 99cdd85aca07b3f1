import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { createReceiveAt } from '../../server/mentions/receive-at.ts';

test('one deadline holds for the target and the ping together', async () => {
  const asked: string[] = [];
  const receiveAt = createReceiveAt({
    readTarget: async target => {
      asked.push(target);
      return { slug: 'night-sky' };
    },
    receive: () => new Promise(() => {}),
    deadline: async answer => {
      await Promise.race([answer, new Promise(resolve => setImmediate(resolve))]);
      throw new Error('too late');
    },
    log: pino({ level: 'silent' }),
  });
  const taken = await receiveAt(
    { source: 'http://blog.example/1', words: {} },
    { target: 'http://hub.example/t/night-sky', via: 'pingback' },
  );
  assert.deepEqual(taken, { refusal: 'store-away', topic: null });
  assert.deepEqual(asked, ['http://hub.example/t/night-sky']);
});
