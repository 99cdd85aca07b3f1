import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aClock } from '../support/clock.ts';
import { until } from '../support/until.ts';
import type { OpenStore } from './engine.ts';

/** What every engine's limits must do (server/mentions/limits.ts). */
export function limitsContract(engine: string, open: OpenStore): void {
  describe(`limits on ${engine}`, () => {
    const rate = { most: 3, seconds: 600 };

    it('let as many pass as the rate has, and say how far beyond it the next ones are', async test => {
      const { limits } = await open(test, aClock());
      const limit = limits.of('sender', rate);
      for (let n = 1; n <= 3; n++) assert.equal(await limit('one'), null, `${n}`);
      for (let n = 4; n <= 6; n++) {
        const over = await limit('one');
        assert.deepEqual(over?.rate, rate);
        assert.equal(over.count, n);
        assert.ok(over.waitMs > 0 && over.waitMs <= 600_000, `${over.waitMs}`);
      }
    });

    it('keep keys and names apart', async test => {
      const { limits } = await open(test, aClock());
      const [sender, site] = [limits.of('sender', rate), limits.of('site', rate)];
      for (let n = 0; n < 4; n++) await sender('one');
      assert.equal(await sender('two'), null);
      assert.equal(await site('one'), null);
      assert.equal((await sender('one'))?.count, 5);
    });

    it('let no more pass of those that come at once', async test => {
      const { limits } = await open(test, aClock());
      const limit = limits.of('pair', rate);
      const answers = await Promise.all(Array.from({ length: 50 }, () => limit('one')));
      assert.equal(answers.filter(answer => answer === null).length, 3);
    });

    it('begin anew when a window is over', async test => {
      const { limits } = await open(test, aClock());
      const limit = limits.of('pair', { most: 1, seconds: 1 });
      assert.equal(await limit('one'), null);
      const over = await limit('one');
      assert.equal(over?.count, 2);
      const end = performance.now() + over.waitMs + 5;
      await until(() => performance.now() > end, 'the end of a window of a second');
      assert.equal(await limit('one'), null);
      assert.equal((await limit('one'))?.count, 2);
    });

    it('take keys of any length and letters', async test => {
      const { limits } = await open(test, aClock());
      const limit = limits.of('pair', { most: 1, seconds: 600 });
      for (const key of ['x'.repeat(4_000), '$where', '__proto__', '', 'a.b', '日本']) {
        assert.equal(await limit(key), null, key.slice(0, 20));
        assert.equal((await limit(key))?.count, 2, key.slice(0, 20));
      }
    });
  });
}
