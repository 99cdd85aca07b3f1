import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClaimedMention } from '../../server/mentions/mentions.ts';
import type { Judge } from '../../server/moderation/judge.ts';
import { type OutcomeNeeds, outcomeOf, type Seen } from '../../server/verification/outcomes.ts';
import { aClaimed as a, LINKED } from '../support/claimed.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';

/** Waits as long as the table says. */
const NEEDS: OutcomeNeeds = { judge: () => 'listed', chance: () => 0 };
const NOW = Date.UTC(2026, 6, 17);
const outcome = (mention: ClaimedMention, seen: Seen, now = NOW) => outcomeOf(NEEDS, mention, seen, now);

describe('the table of outcomes: linked', () => {
  for (const status of ['pending', 'unlinked', 'unreachable', 'withdrawn', 'merged'] as const) {
    it(`${status} is judged, and listed`, () => {
      const { status: next, dueIn, shown } = outcome(a(status, { tries: 3 }), LINKED);
      assert.deepEqual([next, dueIn], ['listed', HOUR]);
      assert.equal(shown?.title, 'Orion');
    });
  }

  it('listed takes the words over and is looked at again after 1 h, 24 h, 7 days, then every 30 days', () => {
    let tries = 0;
    const pauses = Array.from({ length: 5 }, () => {
      const settlement = outcome(a(tries === 0 ? 'pending' : 'listed', { tries }), LINKED);
      tries = settlement.tries;
      return settlement.dueIn;
    });
    assert.deepEqual(pauses, [HOUR, DAY, 7 * DAY, 30 * DAY, 30 * DAY]);
  });

  it('listed with failures behind it has none any more', () => {
    assert.equal(outcome(a('listed', { failing: { times: 2, since: 0 } }), LINKED).failing, null);
  });

  for (const status of ['pending', 'listed', 'withdrawn'] as const) {
    it(`${status} is what the judge says of the words that would be shown`, () => {
      const judged: unknown[] = [];
      const judge: Judge = ({ status }, { shown }) => {
        judged.push([status, shown.title]);
        return 'held';
      };
      const held = outcomeOf({ ...NEEDS, judge }, a(status), LINKED, NOW);
      assert.deepEqual([held.status, held.dueIn], ['held', null]);
      assert.deepEqual(judged, [[status, 'Orion']]);
    });
  }
});

describe('an address that redirected to a post', () => {
  const listedKey = 'honest.example/post';

  it('and leads to another site now is withdrawn, and takes no words over', () => {
    const settlement = outcome(a('listed', { listedKey }), LINKED);
    assert.deepEqual(
      [settlement.status, settlement.shown, settlement.sight],
      ['withdrawn', undefined, { saw: 'moved' }],
    );
  });

  it('and whose post moved within its site goes along', () => {
    assert.equal(outcome(a('listed', { listedKey: 'blog.example/old' }), LINKED).status, 'listed');
  });
});

describe('a post that was listed under its own address', () => {
  it('may move to another site, and is still the same post', () => {
    const key = 'old.example/post';
    assert.equal(outcome(a('listed', { key, listedKey: key }), LINKED).status, 'listed');
  });
});

describe('the table of outcomes: no link', () => {
  for (const [since, dueIn] of [
    [0, 5 * MINUTE],
    [5 * MINUTE, HOUR - 5 * MINUTE],
    [HOUR, 23 * HOUR],
    [DAY, null],
  ] as const) {
    it(`${since / MINUTE} minutes after the ping: unlinked, again ${dueIn === null ? 'never' : `in ${dueIn / MINUTE} minutes`}`, () => {
      const settlement = outcome(a('pending', { sincePing: since }), { saw: 'no-link' });
      assert.deepEqual([settlement.status, settlement.dueIn], ['unlinked', dueIn]);
    });
  }

  for (const status of ['listed', 'withdrawn'] as const) {
    it(`${status}: withdrawn, again every 30 days`, () => {
      const settlement = outcome(a(status), { saw: 'no-link' });
      assert.deepEqual([settlement.status, settlement.dueIn], ['withdrawn', 30 * DAY]);
    });
  }
});

describe('the table of outcomes: 410, or not HTML', () => {
  for (const seen of [
    { saw: 'gone', status: 410 },
    { saw: 'not-html', status: 200 },
  ] as const) {
    it(`${seen.saw} while pending: unreachable, until a new ping`, () => {
      assert.deepEqual(
        [outcome(a('pending'), seen).status, outcome(a('pending'), seen).dueIn],
        ['unreachable', null],
      );
    });
    it(`${seen.saw} while listed: withdrawn, until a new ping`, () => {
      assert.deepEqual(
        [outcome(a('listed'), seen).status, outcome(a('listed'), seen).dueIn],
        ['withdrawn', null],
      );
    });
  }
});

describe('the table of outcomes: a failure', () => {
  const seen: Seen = { saw: 'status', status: 503 };

  it('while pending: again after 30 s, 5 min, 1 h, 24 h, then unreachable', () => {
    const steps = [0, 1, 2, 3, 4].map(tries => outcome(a('pending', { tries }), seen));
    assert.deepEqual(
      steps.map(step => [step.status, step.dueIn]),
      [
        ['pending', 30 * SECOND],
        ['pending', 5 * MINUTE],
        ['pending', HOUR],
        ['pending', DAY],
        ['unreachable', null],
      ],
    );
  });

  it('L13 while listed: stays, and is withdrawn after 3 failures over at least 3 days', () => {
    let failing: ClaimedMention['failing'] = null;
    const statuses = [0, 1, 2, 3].map(day => {
      const settlement = outcome(a('listed', { failing }), seen, NOW + day * DAY);
      failing = settlement.failing;
      return settlement.status;
    });
    assert.deepEqual(statuses, ['listed', 'listed', 'listed', 'withdrawn']);
  });

  it('while listed, the third of them 3 days after the first: withdrawn', () => {
    const failing = { times: 2, since: NOW - 3 * DAY };
    assert.equal(outcome(a('listed', { failing }), seen).status, 'withdrawn');
    assert.equal(outcome(a('listed', { failing: { ...failing, times: 1 } }), seen).status, 'listed');
  });

  it('while listed, however often within 3 days: stays', () => {
    const failing = { times: 50, since: NOW - 2 * DAY };
    assert.equal(outcome(a('listed', { failing }), seen).status, 'listed');
  });

  it('with a pause the site asks for: not sooner, and at most a day later', () => {
    const asked = (retryAfterMs: number) =>
      outcome(a('pending'), { saw: 'status', status: 429, retryAfterMs }).dueIn;
    assert.equal(asked(SECOND), 30 * SECOND);
    assert.equal(asked(2 * HOUR), 2 * HOUR);
    assert.equal(asked(90 * DAY), DAY);
  });

  it('while withdrawn, or of another address of a listed post: nothing changes', () => {
    assert.deepEqual(
      [outcome(a('withdrawn'), seen).status, outcome(a('withdrawn'), seen).dueIn],
      ['withdrawn', 30 * DAY],
    );
    assert.deepEqual([outcome(a('merged'), seen).status, outcome(a('merged'), seen).dueIn], ['merged', null]);
  });

  it('of looks that never ended: as any other', () => {
    assert.deepEqual(
      [
        outcome(a('pending'), { saw: 'interrupted' }).status,
        outcome(a('pending'), { saw: 'interrupted' }).dueIn,
      ],
      ['pending', 30 * SECOND],
    );
  });

  it('of the reader, five times: set aside at once', () => {
    assert.deepEqual(outcome(a('pending'), { saw: 'broke-reader' }).status, 'unreachable');
  });
});
