import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Visits } from '../../server/verification/visits.ts';
import { aClock, type Clock, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import type { OpenStore } from './engine.ts';

const SITE = { kind: 'site', name: 'blog.example' } as const;
const ADDRESS = { kind: 'address', name: '93.184.216.34' } as const;
const SEAT_MS = 20 * SECOND;

/** What every engine's visits must do (server/verification/visits.ts). */
export function visitsContract(engine: string, open: OpenStore): void {
  async function begin(test: TestContext): Promise<{ visits: Visits; clock: Clock }> {
    const clock = aClock();
    const { visits } = await open(test, clock);
    return { visits, clock };
  }

  const enter = (visits: Visits, host: typeof SITE | typeof ADDRESS, token: string) =>
    visits.begin(host, { token, forMs: SEAT_MS });

  describe(`visits on ${engine}`, () => {
    it('lets two looks be at a site and four at an address', async test => {
      const { visits } = await begin(test);
      for (const [host, atOnce] of [
        [SITE, 2],
        [ADDRESS, 4],
      ] as const) {
        const tokens = Array.from({ length: 10 }, (_, n) => `look-${n}`);
        const waits = await Promise.all(tokens.map(token => enter(visits, host, token)));
        assert.equal(waits.filter(wait => wait === null).length, atOnce);
        const [allowed = ''] = tokens.filter((_, n) => waits[n] === null);
        await visits.end([host], allowed);
        assert.equal(await enter(visits, host, 'next'), null);
        assert.notEqual(await enter(visits, host, 'one too many'), null);
      }
    });

    it('lets no look be forgotten that was begun at the same time', async test => {
      const { visits, clock } = await begin(test);
      const tokens = Array.from({ length: 40 }, (_, n) => `look-${n}`);
      let allowed = 0;
      for (const token of tokens) {
        if ((await enter(visits, SITE, token)) === null) allowed++;
        await visits.end([SITE], token);
      }
      assert.equal(allowed, 10);
      clock.advance(2 * SECOND);
      const waits = await Promise.all(tokens.map(token => enter(visits, SITE, token)));
      assert.equal(waits.filter(wait => wait === null).length, 1);
    });

    it('names the sites that are full, and until when', async test => {
      const { visits, clock } = await begin(test);
      await enter(visits, SITE, 'one');
      assert.deepEqual([...(await visits.fullSites())], []);
      await enter(visits, SITE, 'two');
      for (let n = 0; n < 4; n++) await enter(visits, ADDRESS, `look-${n}`);
      assert.deepEqual([...(await visits.fullSites())], [['blog.example', SEAT_MS]]);
      await visits.end([SITE, ADDRESS], 'one');
      assert.deepEqual([...(await visits.fullSites())], []);
      await enter(visits, SITE, 'three');
      clock.advance(SEAT_MS);
      assert.deepEqual([...(await visits.fullSites())], []);
    });

    it('tells those it sends away to come back one after the other', async test => {
      const { visits } = await begin(test);
      await enter(visits, SITE, 'one');
      await enter(visits, SITE, 'two');
      const waits = [];
      for (const token of ['three', 'four', 'five']) waits.push(await enter(visits, SITE, token));
      assert.deepEqual(waits, [2 * SECOND, 4 * SECOND, 6 * SECOND]);
    });

    it('keeps no place for those that do not come back', async test => {
      const { visits } = await begin(test);
      await enter(visits, SITE, 'one');
      await enter(visits, SITE, 'two');
      const preview = { token: 'preview', forMs: SEAT_MS, once: true };
      for (let n = 0; n < 100; n++) assert.equal(await visits.begin(SITE, preview), 2 * SECOND);
      assert.equal(await enter(visits, SITE, 'three'), 2 * SECOND);
    });

    it('names no site full because of a clock that was set back since', async test => {
      const { visits, clock } = await begin(test);
      for (const token of ['one', 'two']) await enter(visits, SITE, token);
      clock.advance(-3 * HOUR);
      assert.deepEqual([...(await visits.fullSites())], []);
      assert.equal(await enter(visits, SITE, 'three'), null);
    });

    it('sends a look away that would go on beyond the minute, and lets it begin with room for its redirects', async test => {
      const { visits, clock } = await begin(test);
      for (let n = 0; n < 10; n++) assert.equal(await enter(visits, SITE, 'one'), null);
      clock.advance(10 * SECOND);
      for (let n = 0; n < 20; n++) assert.equal(await enter(visits, SITE, 'one'), null);
      assert.equal(await enter(visits, SITE, 'one'), 50 * SECOND);
      await visits.end([SITE], 'one');
      clock.advance(49 * SECOND);
      assert.deepEqual([...(await visits.fullSites())], [['blog.example', SECOND]]);
      clock.advance(SECOND);
      for (let n = 0; n < 6; n++) assert.equal(await enter(visits, SITE, 'one'), null);
      // Four are left of the minute, which might do for this one, but not for the redirects of both.
      assert.notEqual(await enter(visits, SITE, 'two'), null);
    });

    it('forgets a host when a minute is over', async test => {
      const { visits, clock } = await begin(test);
      for (let n = 0; n < 10; n++) {
        assert.equal(await enter(visits, SITE, 'one'), null);
      }
      await visits.end([SITE], 'one');
      assert.notEqual(await enter(visits, SITE, 'two'), null);
      clock.advance(2 * MINUTE);
      for (let n = 0; n < 10; n++) {
        assert.equal(await enter(visits, SITE, `look-${n}`), null);
        await visits.end([SITE], `look-${n}`);
      }
    });
  });
}
