import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createWhoAsked } from '../../server/verification/who-asked.ts';
import { aClock, HOUR } from '../support/clock.ts';

const KEY = 'blog.example/orion';

describe('who asked for a look', () => {
  it('is known until the look is settled', () => {
    const whoAsked = createWhoAsked(aClock());
    assert.equal(whoAsked.of(KEY), null);
    whoAsked.remember(KEY, '192.0.2.7');
    assert.equal(whoAsked.of('blog.example/other'), null);
    const asked = whoAsked.of(KEY);
    assert.equal(asked?.sender, '192.0.2.7');
    assert.equal(whoAsked.of(KEY), asked, 'a look that was not settled is made again');
    whoAsked.settled(KEY, asked);
    assert.equal(whoAsked.of(KEY), null);
  });

  it('is the last of several, and nobody who is not to be named', () => {
    const whoAsked = createWhoAsked(aClock());
    whoAsked.remember(KEY, '192.0.2.7');
    whoAsked.remember(KEY, '192.0.2.8');
    whoAsked.remember(KEY, null);
    assert.equal(whoAsked.of(KEY)?.sender, '192.0.2.8');
  });

  it('stays known when the same one asks again during the look', () => {
    const whoAsked = createWhoAsked(aClock());
    whoAsked.remember(KEY, '192.0.2.7');
    const asked = whoAsked.of(KEY);
    whoAsked.remember(KEY, '192.0.2.7');
    whoAsked.settled(KEY, asked);
    assert.equal(whoAsked.of(KEY)?.sender, '192.0.2.7');
    whoAsked.settled(KEY, null);
    assert.equal(whoAsked.of(KEY)?.sender, '192.0.2.7', 'a look that was owed to nobody settles nothing');
  });

  it('is forgotten after an hour, looked at or not', () => {
    const clock = aClock();
    const whoAsked = createWhoAsked(clock);
    whoAsked.remember(KEY, '192.0.2.7');
    clock.advance(HOUR - 1);
    assert.notEqual(whoAsked.of(KEY), null);
    clock.advance(2);
    assert.equal(whoAsked.of(KEY), null);
  });

  it('leaves memory by itself, so that it is not there even when the clock goes back', test => {
    test.mock.timers.enable({ apis: ['setTimeout'] });
    const clock = aClock();
    const whoAsked = createWhoAsked(clock);
    whoAsked.remember(KEY, '192.0.2.7');
    clock.advance(HOUR + 1);
    test.mock.timers.tick(HOUR + 1);
    clock.advance(-HOUR);
    assert.equal(whoAsked.of(KEY), null);
  });

  it('is known of the latest ten thousand', () => {
    const whoAsked = createWhoAsked(aClock());
    for (let n = 0; n <= 10_000; n++) whoAsked.remember(`${KEY}/${n}`, '192.0.2.7');
    assert.equal(whoAsked.of(`${KEY}/0`), null);
    assert.notEqual(whoAsked.of(`${KEY}/1`), null);
    assert.notEqual(whoAsked.of(`${KEY}/10000`), null);
  });
});
