import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClaimedMention } from '../../server/mentions/mentions.ts';
import { outcomeOf, type Seen } from '../../server/verification/outcomes.ts';
import type { Chance } from '../../server/verification/spread.ts';
import { aChance } from '../support/chance.ts';
import { aClaimed, LINKED } from '../support/claimed.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';

const POSTS = 100_000;
const DAYS = 120;
const NO_LINK: Seen = { saw: 'no-link' };
const FAILURE: Seen = { saw: 'status', status: 503 };
/** As early as it gets. */
const EARLIEST: Chance = () => 1 - Number.EPSILON;

const outcome = (chance: Chance, mention: ClaimedMention, seen: Seen, now = 0) =>
  outcomeOf({ judge: () => 'listed', chance }, mention, seen, now);

/** How many of the looks from the 7-day one on fall into each hour of the day, for posts listed each evening of a month. */
function looksByHour(chance: Chance): number[] {
  const listing = aChance(1);
  const hours = Array<number>(24).fill(0);
  for (let post = 0; post < POSTS; post++) {
    let at = (post % 30) * DAY + (18 + 4 * listing()) * HOUR;
    let mention = aClaimed('pending');
    for (let look = 0; at < DAYS * DAY; look++) {
      if (look >= 3) count(hours, at);
      const { status, tries, dueIn } = outcome(chance, mention, LINKED, at);
      mention = { ...mention, status, tries };
      at += Number(dueIn);
    }
  }
  return hours;
}

function count(hours: number[], at: number): void {
  const hour = Math.floor((at % DAY) / HOUR);
  hours[hour] = (hours[hour] ?? 0) + 1;
}

/** How many times the mean the busiest hour has. */
function peakOf(hours: number[]): number {
  return (Math.max(...hours) * hours.length) / hours.reduce((sum, looks) => sum + looks, 0);
}

/** The times of the looks at a listed post that fails from the first of them on, and the last one, which withdraws it. */
function failingLooks(chance: Chance): number[] {
  const looks: number[] = [];
  let mention = aClaimed('listed');
  for (let at = 0; mention.status === 'listed'; ) {
    looks.push(at);
    const { status, failing, dueIn } = outcome(chance, mention, FAILURE, at);
    mention = { ...mention, status, failing };
    at += Number(dueIn);
  }
  return looks;
}

describe('looks that are days away', () => {
  it('of 100,000 posts listed in the evenings have no daily peak', () => {
    assert.ok(peakOf(looksByHour(aChance())) < 1.2);
  });

  it('would have one, if each came exactly when the table says', () => {
    assert.ok(peakOf(looksByHour(() => 0)) > 5);
  });

  for (const [what, mention, seen, wait] of [
    ['listed, the 24 h look', aClaimed('listed', { tries: 1 }), LINKED, DAY],
    ['listed, the 7 days look', aClaimed('listed', { tries: 2 }), LINKED, 7 * DAY],
    ['listed, a 30 days look', aClaimed('listed', { tries: 3 }), LINKED, 30 * DAY],
    ['listed, failing', aClaimed('listed'), FAILURE, DAY],
    ['withdrawn, for its link', aClaimed('listed'), NO_LINK, 30 * DAY],
    ['withdrawn, failing', aClaimed('withdrawn'), FAILURE, 30 * DAY],
  ] as const) {
    it(`(${what}) come up to a tenth earlier, never later`, () => {
      assert.equal(outcome(() => 0, mention, seen).dueIn, wait);
      assert.equal(outcome(() => 0.5, mention, seen).dueIn, 0.95 * wait);
      assert.equal(outcome(EARLIEST, mention, seen).dueIn, 0.9 * wait);
    });
  }

  it('do not come before the site wants them', () => {
    const asked: Seen = { ...FAILURE, retryAfterMs: DAY };
    assert.equal(outcome(EARLIEST, aClaimed('listed'), asked).dueIn, DAY);
  });
});

describe('looks that somebody waits for', () => {
  for (const [what, mention, seen, wait] of [
    ['1 h after the listing', aClaimed('pending'), LINKED, HOUR],
    ['5 min after the ping', aClaimed('pending'), NO_LINK, 5 * MINUTE],
    ['24 h after the ping', aClaimed('unlinked', { sincePing: HOUR }), NO_LINK, 23 * HOUR],
    ['30 s after a failure', aClaimed('pending'), FAILURE, 30 * SECOND],
    ['24 h after the fourth failure', aClaimed('pending', { tries: 3 }), FAILURE, DAY],
  ] as const) {
    it(`(${what}) are exact`, () => assert.equal(outcome(EARLIEST, mention, seen).dueIn, wait));
  }
});

describe('L13 a listed post that fails, looked at a little more often than daily', () => {
  for (const [how, chance] of [
    ['as early as can be', EARLIEST],
    ['early', () => 0.5],
    ['exactly daily', () => 0],
  ] as const) {
    it(`(${how}) is withdrawn by the fourth failure, when 3 days are over`, () => {
      const looks = failingLooks(chance);
      assert.equal(looks.length, 4);
      assert.equal(looks.at(-1), 3 * DAY);
    });
  }

  it('(by chance) too', () => {
    const chance = aChance();
    for (let post = 0; post < 1_000; post++) {
      const looks = failingLooks(chance);
      assert.deepEqual([looks.length, looks.at(-1)], [4, 3 * DAY]);
    }
  });
});
