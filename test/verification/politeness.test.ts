import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  asked,
  begun,
  ended,
  freeAt,
  isForgettable,
  POLITENESS,
  sentAway,
  UNVISITED,
} from '../../server/verification/politeness.ts';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { holds } from '../support/property.ts';

const BEGIN = Date.UTC(2026, 6, 17);

/** The times at which looks begin that come as fast as they may, none of them staying. */
function fastest(kind: 'site' | 'address', looks: number): number[] {
  const times: number[] = [];
  let log = UNVISITED;
  for (let look = 0, at = BEGIN; look < looks; look++) {
    at = Math.max(at, freeAt(log, POLITENESS[kind], at));
    const after = begun(log, POLITENESS[kind], { token: `${look}`, until: at + 20 * SECOND, at });
    assert.ok(after);
    log = ended(after, `${look}`);
    times.push(at - BEGIN);
  }
  return times;
}

interface RedirectedLook {
  /** When it first comes, how many requests it is, and how long each takes. */
  after: number;
  requests: number;
  eachMs: number;
}

/** The times of all requests to one site, of looks that come back when they are told to, until each had its last. */
function redirected(looks: readonly RedirectedLook[]): number[] {
  const times: number[] = [];
  const coming = looks.map(({ after, ...look }, n) => ({
    ...look,
    token: `${n}`,
    at: BEGIN + after,
    done: 0,
  }));
  let log = UNVISITED;
  for (let steps = 0; coming.some(look => look.done < look.requests); steps++) {
    assert.ok(steps < 5_000, 'some never come to their end');
    const look = coming
      .filter(({ done, requests }) => done < requests)
      .reduce((first, other) => (other.at < first.at ? other : first));
    const { log: after, waitMs } = asked(log, POLITENESS.site, { ...look, forMs: 20 * SECOND }, look.at);
    log = after;
    if (waitMs === null) {
      times.push(look.at);
      look.done++;
      look.at += look.eachMs;
    } else {
      look.done = 0;
      look.at += waitMs;
    }
    if (waitMs !== null || look.done === look.requests) log = ended(log, look.token);
  }
  return times;
}

const inAMinuteFrom = (times: number[], from: number) =>
  times.filter(time => time >= from && time < from + MINUTE).length;

describe('how often a host is asked', () => {
  it('a site: ten at once, then one every two seconds, and 30 in a minute', () => {
    const times = fastest('site', 61);
    assert.equal(times.filter(time => time === 0).length, 10);
    assert.deepEqual(times.slice(9, 13), [0, 2 * SECOND, 4 * SECOND, 6 * SECOND]);
    assert.equal(times[29], 40 * SECOND);
    assert.equal(times[30], MINUTE);
    assert.equal(times[60], 2 * MINUTE);
  });

  it('an address: 30 at once, then two a second, and 120 in a minute', () => {
    const times = fastest('address', 241);
    assert.equal(times.filter(time => time === 0).length, 30);
    assert.equal(times[30], SECOND / 2);
    assert.equal(times[120], MINUTE);
    assert.equal(times[240], 2 * MINUTE);
  });

  it('never more than that in any minute, whenever looks come', () => {
    const { site } = POLITENESS;
    holds(fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 40, maxLength: 200 }), pauses => {
      const times: number[] = [];
      let log = UNVISITED;
      let at = BEGIN;
      for (const pause of pauses) {
        at += pause;
        const after = begun(log, site, { token: `${at}`, until: at + 1, at });
        log = after ? ended(after, `${at}`) : sentAway(log, site, at);
        if (after) times.push(at);
      }
      for (const from of times) assert.ok(inAMinuteFrom(times, from) <= site.aMinute);
      for (const from of times) {
        const pace = times.filter(time => time >= from && time < from + 20 * SECOND).length;
        assert.ok(pace <= site.burst + 10);
      }
    });
  });

  it('R13 never more than that in any minute, however looks are redirected within a site, and each comes to its end', () => {
    const look = fc.record({
      after: fc.integer({ min: 0, max: 20_000 }),
      requests: fc.integer({ min: 1, max: 6 }),
      eachMs: fc.integer({ min: 0, max: 1_500 }),
    });
    holds(fc.array(look, { minLength: 20, maxLength: 40 }), looks => {
      const times = redirected(looks);
      for (const from of times) assert.ok(inAMinuteFrom(times, from) <= POLITENESS.site.aMinute);
    });
  });

  it('two looks may be at a site, until they have left or their time is over', () => {
    const { site } = POLITENESS;
    const at = BEGIN;
    const one = begun(UNVISITED, site, { token: 'one', until: at + 20 * SECOND, at });
    assert.ok(one);
    const two = begun(one, site, { token: 'two', until: at + 15 * SECOND, at });
    assert.ok(two);
    assert.equal(begun(two, site, { token: 'three', until: at + 1, at }), null);
    assert.equal(freeAt(two, site, at), at + 15 * SECOND);
    assert.equal(freeAt(ended(two, 'one'), site, at), 0);
    const after = begun(two, site, { token: 'three', until: at + MINUTE, at: at + 15 * SECOND });
    assert.deepEqual(
      after?.held.map(look => look.token),
      ['one', 'three'],
      'who died is forgotten',
    );
  });

  it('a look that is there already goes on, whatever the pace is, and is counted; but not beyond the minute', () => {
    const { site } = POLITENESS;
    const one = { token: 'one', until: BEGIN + 20 * SECOND, at: BEGIN };
    let log = UNVISITED;
    for (let request = 0; request < 30; request++) log = begun(log, site, one) ?? assert.fail(`${request}`);
    assert.equal(log.held.length, 1);
    assert.equal(begun(log, site, one), null);
    assert.equal(freeAt(log, site, BEGIN), BEGIN + MINUTE);
  });

  it('after a look was sent away half done, the next begin with room for all their redirects', () => {
    const { site } = POLITENESS;
    const times = fastest('site', 30).map(time => BEGIN + time);
    const visitor = { token: 'one', forMs: 20 * SECOND };
    const at = BEGIN + 50 * SECOND;
    const full = { ...UNVISITED, starts: times, held: [{ token: 'one', until: at + SECOND }] };
    const { log, waitMs } = asked(full, site, visitor, at);
    // Six of the 30 have to be over for the one that comes back, and five more for each that is there.
    assert.equal(waitMs, (times[5] as number) + MINUTE - at);
    assert.equal(freeAt(log, site, at), (times[5] as number) + MINUTE);
    const beside = { ...log, held: [{ token: 'other', until: at + SECOND }] };
    assert.equal(freeAt(beside, site, at), (times[10] as number) + MINUTE);
    const later = at + 2 * MINUTE;
    assert.equal(begun(log, site, { token: 'two', until: later + 1, at: later })?.room, 1, 'for a minute');
  });

  it('those that are sent away are told to come back one after the other', () => {
    const { site } = POLITENESS;
    const times = fastest('site', 10).map(time => BEGIN + time);
    let log = { ...UNVISITED, starts: times };
    const promised = [1, 2, 3].map(() => {
      log = sentAway(log, site, BEGIN);
      return log.promised - BEGIN;
    });
    assert.deepEqual(promised, [2 * SECOND, 4 * SECOND, 6 * SECOND]);
  });

  it('a clock that was set back by hours holds nobody up until it is there again', () => {
    const { site } = POLITENESS;
    let log = UNVISITED;
    for (let n = 0; n < 30; n++) {
      log = begun(log, site, { token: 'one', until: BEGIN + 20 * SECOND, at: BEGIN }) ?? assert.fail();
    }
    const two = { token: 'two', until: BEGIN + 20 * SECOND };
    const full = sentAway({ ...log, held: [...log.held, two] }, site, BEGIN);
    const before = BEGIN - 3 * HOUR;
    assert.equal(freeAt(full, site, before), 0);
    assert.equal(sentAway(full, site, before).promised, before + 2 * SECOND);
    assert.equal(isForgettable(full, before), true);
    const three = { token: 'three', until: before + 20 * SECOND, at: before };
    assert.deepEqual(begun(full, site, three)?.starts, [before]);
  });

  it('a clock that was set back by seconds holds nobody up for longer than two minutes', () => {
    const { site } = POLITENESS;
    const log = { ...UNVISITED, starts: Array.from({ length: 30 }, () => BEGIN + 50 * SECOND) };
    for (const passed of [0, MINUTE, 110 * SECOND - 1]) {
      assert.equal(freeAt(log, site, BEGIN + passed), BEGIN + 110 * SECOND);
    }
    assert.ok(begun(log, site, { token: 'one', until: BEGIN + 2 * MINUTE, at: BEGIN + 110 * SECOND }));
  });

  it('nobody is sent away for much longer than an hour, however many are', () => {
    const { site } = POLITENESS;
    let log = begun(UNVISITED, site, { token: 'one', until: BEGIN + 20 * SECOND, at: BEGIN });
    assert.ok(log);
    const promised: number[] = [];
    for (let n = 0; n < 2_000; n++) {
      log = sentAway(log, site, BEGIN);
      promised.push(log.promised - BEGIN);
    }
    assert.equal(Math.max(...promised), HOUR + 2 * SECOND);
    assert.equal(promised.at(-1), (2_000 - 1_801) * 2 * SECOND);
  });

  it('is forgotten when it matters no more', () => {
    const log = begun(UNVISITED, POLITENESS.site, { token: 'one', until: BEGIN + SECOND, at: BEGIN });
    assert.ok(log);
    assert.equal(isForgettable(log, BEGIN + MINUTE - 1), false);
    assert.equal(isForgettable(log, BEGIN + MINUTE), true);
  });
});
