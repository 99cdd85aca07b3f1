import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MOST_OF_KEY } from '../../server/mentions/refusals.ts';
import { aClock, DAY } from '../support/clock.ts';
import type { OpenStore } from './engine.ts';

/** What every engine's refusals must do (server/mentions/refusals.ts). */
export function refusalsContract(engine: string, open: OpenStore): void {
  describe(`refusals on ${engine}`, () => {
    const refused = { key: 'blog.example/1', topicId: null, reason: 'unknown-topic' } as const;

    it('counts a flood of equal refusals in one record a day', async test => {
      const clock = aClock();
      const { refusals } = await open(test, clock);
      await Promise.all(Array.from({ length: 50 }, () => refusals.note(refused)));
      assert.deepEqual(await refusals.ofKey(refused.key), [
        { ...refused, day: '2026-07-17', count: 50, last: clock.now() },
      ]);
    });

    it('keeps topics, reasons and days apart, the latest first', async test => {
      const clock = aClock();
      const { refusals } = await open(test, clock);
      await refusals.note(refused);
      clock.advance(1);
      await refusals.note({ ...refused, topicId: 'abc', reason: 'removed' });
      clock.advance(DAY);
      await refusals.note(refused);
      const seen = (await refusals.ofKey(refused.key)).map(one => [one.topicId, one.reason, one.day]);
      assert.deepEqual(seen, [
        [null, 'unknown-topic', '2026-07-18'],
        ['abc', 'removed', '2026-07-17'],
        [null, 'unknown-topic', '2026-07-17'],
      ]);
      assert.deepEqual(await refusals.ofKey('blog.example/2'), []);
    });

    it('gives the latest 100 of an address that was refused in any number of topics', async test => {
      const clock = aClock();
      const { refusals } = await open(test, clock);
      for (let n = 0; n < MOST_OF_KEY + 20; n++) {
        clock.advance(1);
        await refusals.note({ ...refused, topicId: `topic${n}` });
      }
      const seen = await refusals.ofKey(refused.key);
      assert.deepEqual([seen.length, seen[0]?.topicId], [MOST_OF_KEY, `topic${MOST_OF_KEY + 19}`]);
    });

    it('forgets what is older than asked, and nothing younger', async test => {
      const clock = aClock();
      const { refusals } = await open(test, clock);
      // A hundred at a time, since a store gives up what nobody waits for any more.
      for (let n = 0; n < 1_100; n += 100) {
        const some = Array.from({ length: 100 }, (_, more) => ({
          ...refused,
          key: `blog.example/${n + more}`,
        }));
        await Promise.all(some.map(refusals.note));
      }
      clock.advance(91 * DAY);
      await refusals.note(refused);
      assert.equal(await refusals.purge(90), 1_100);
      assert.equal((await refusals.ofKey(refused.key)).length, 1);
    });
  });
}
