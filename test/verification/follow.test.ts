import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryVisits } from '../../server/storage/memory-visits.ts';
import { follow } from '../../server/verification/follow.ts';
import type { HopAnswer, HopRequest } from '../../server/verification/hop.ts';
import { createOpenVisit } from '../../server/verification/visit.ts';
import type { Visits } from '../../server/verification/visits.ts';
import { aClock, type Clock, HOUR, SECOND } from '../support/clock.ts';

const READ: HopAnswer = { kind: 'not-html', status: 200 };
const LATE: HopAnswer = { kind: 'failed', trouble: 'timeout' };

const siteOf = (n: number) => `http://blog-${n}.example/post`;

/**
 * One look, whose hops take so long each and lead to the next site, the last one to an answer; `counting`: what becomes
 * of the clock while a site on the way is counted.
 */
async function aLook(tookMs: readonly number[], counting: (clock: Clock) => void = () => {}) {
  const clock = aClock();
  const hops: HopRequest[] = [];
  const inMemory = memoryVisits(clock.now);
  const visits: Visits = {
    ...inMemory,
    async begin(host, visitor) {
      if (host.name !== 'blog-1.example') counting(clock);
      return inMemory.begin(host, visitor);
    },
  };
  const openVisit = createOpenVisit({
    visits,
    hop: async request => {
      clock.advance(tookMs[hops.push(request) - 1] ?? 0);
      if (hops.length === tookMs.length) return READ;
      return { kind: 'redirect', status: 302, to: siteOf(hops.length + 1) };
    },
    permit: async () => assert.fail('the test hops by itself'),
    allow: new Set(),
  });
  const visit = await openVisit(siteOf(1), 'look');
  assert.ok(!('kind' in visit));
  const rules = { ownKeys: ['hub.example'], allow: new Set<string>() };
  const followed = await follow(siteOf(1), [], { hop: visit.hop, rules, now: clock.now }, null);
  assert.ok(!('kind' in followed), 'it was put off');
  return { followed, left: hops.map(({ leftMs }) => leftMs) };
}

describe('the time of a look', () => {
  it('is 10 s for all its hops together, each of which has what the others left', async () => {
    const { followed, left } = await aLook([SECOND, 4 * SECOND, 3 * SECOND, SECOND]);
    assert.deepEqual(left, [10 * SECOND, 9 * SECOND, 5 * SECOND, 2 * SECOND]);
    assert.deepEqual([followed.answer, followed.tookMs], [READ, 9 * SECOND]);
  });

  it('F12 ends it on the way when there is none left, and no further site is visited', async () => {
    const { followed, left } = await aLook([6 * SECOND, 4 * SECOND, 0]);
    assert.deepEqual(left, [10 * SECOND, 4 * SECOND]);
    assert.deepEqual(followed, { answer: LATE, finalUrl: siteOf(3), redirects: 2, tookMs: 10 * SECOND });
  });

  it('is used up by the counting of sites, too', async () => {
    const { left } = await aLook([SECOND, SECOND, 0], clock => clock.advance(2 * SECOND));
    assert.deepEqual(left, [10 * SECOND, 7 * SECOND, 4 * SECOND]);
  });

  it('may be over when a site was counted, which is not visited then', async () => {
    const { followed, left } = await aLook([SECOND, 0], clock => clock.advance(9 * SECOND));
    assert.deepEqual(left, [10 * SECOND]);
    assert.deepEqual(followed, { answer: LATE, finalUrl: siteOf(2), redirects: 1, tookMs: 10 * SECOND });
  });

  it('is not given back by a clock that is set back meanwhile', async () => {
    let hours = 0;
    const { followed, left } = await aLook([4 * SECOND, 3 * SECOND, SECOND], clock =>
      clock.advance(hours++ === 0 ? -HOUR : 0),
    );
    assert.deepEqual(left, [10 * SECOND, 6 * SECOND, 3 * SECOND]);
    assert.deepEqual([followed.answer, followed.tookMs], [READ, 8 * SECOND]);
  });
});
