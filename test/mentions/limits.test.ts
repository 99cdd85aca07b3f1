import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from '../../server/config.ts';
import { limitOf, secondsOf } from '../../server/mentions/limits.ts';
import { memoryLimits } from '../../server/storage/memory-limits.ts';
import { HOUR, SECOND } from '../support/clock.ts';

const SENDER = readConfig({}).rateLimits?.sender ?? [];

describe('the limit of a sender', () => {
  it('R07: one ping a second for an hour is 30 a minute, until the 300 of the day are used up', async test => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const limit = limitOf(memoryLimits, 'sender', SENDER);
    const minutes: number[] = [];
    for (let second = 0; second < HOUR / SECOND; second++) {
      const minute = Math.floor(second / 60);
      minutes[minute] ??= 0;
      if ((await limit('1.2.3.4')) === null) minutes[minute]++;
      test.mock.timers.tick(SECOND);
    }
    assert.deepEqual(minutes.slice(0, 10), Array(10).fill(30));
    assert.deepEqual(minutes.slice(10), Array(50).fill(0));
    const over = await limit('1.2.3.4');
    assert.equal(over?.rate.seconds, 86_400);
    assert.equal(secondsOf(over), 86_400 - 3_600);
  });

  it('begins anew when its window is over', async test => {
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const limit = limitOf(memoryLimits, 'pair', [{ most: 1, seconds: 30 }]);
    assert.equal(await limit('one'), null);
    test.mock.timers.tick(29 * SECOND);
    assert.equal(secondsOf((await limit('one')) ?? { waitMs: 0 }), 1);
    test.mock.timers.tick(SECOND);
    assert.equal(await limit('one'), null);
  });

  it('is counted in a bounded memory, however many senders there are', async () => {
    const limit = limitOf(memoryLimits, 'sender', [{ most: 1, seconds: 600 }]);
    await limit('first');
    assert.notEqual(await limit('first'), null);
    for (let n = 0; n < 20_000; n++) await limit(`sender-${n}`);
    assert.equal(await limit('first'), null, 'the longest unseen is forgotten');
    assert.notEqual(await limit('sender-19999'), null);
  });
});
