import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Over } from '../../server/mentions/limits.ts';
import { tooManyPage } from '../../server/web/too-many-page.ts';
import { aClock } from '../support/clock.ts';
import { aTopic } from '../support/samples.ts';

const A_TOPIC = aTopic();
const now = aClock().now();
const sent = { address: 'https://www.blog.example/orion', topic: A_TOPIC };

const over = (change: Partial<Over>): Over => ({
  what: 'site',
  rate: { most: 30, seconds: 60 },
  count: 31,
  waitMs: 47_200,
  ...change,
});

describe('the page for one request too many', () => {
  it('says how many came, how many are taken, and when to come again', () => {
    const page = tooManyPage(over({}), { now, sent });
    assert.equal(`${page.came} ${page.name}`, 'In the last minute, 31 pings came from blog.example');
    assert.equal(page.takes, 'We take 30 a minute from one blog.');
    assert.equal(page.kept, 'The first 30 arrived and are being checked.');
    assert.deepEqual(page.again, { iso: '2026-07-17T14:03:07Z', words: '14:03:07', wait: '48 seconds' });
  });

  it('names the topic where that has too many, and one post in it', () => {
    const topic = tooManyPage(over({ what: 'topic' }), { now, sent });
    assert.equal(`${topic.came} ${topic.name}`, `In the last minute, 31 pings came for ${A_TOPIC.title}`);
    const rate = { most: 1, seconds: 30 };
    const pair = tooManyPage(over({ what: 'pair', rate, count: 2, waitMs: 1 }), { now, sent });
    assert.equal(
      `${pair.came} ${pair.name}`,
      `In the last 30 seconds, 2 pings of this post came for ${A_TOPIC.title}`,
    );
    assert.equal(pair.takes, 'We take 1 in 30 seconds of one post for one topic.');
    assert.equal(pair.kept, 'The first one arrived and is being checked.');
    assert.equal(pair.again.wait, '1 second');
  });

  it('promises nothing of requests that it did not read', () => {
    const page = tooManyPage(over({ what: 'sender' }), { now, sent: null });
    assert.equal(page.came, 'In the last minute, 31 requests came from your network');
    assert.deepEqual([page.name, page.kept], [null, null]);
  });

  it('never says a wait shorter than it is, and names the day where it is long', () => {
    const rate = { most: 300, seconds: 86_400 };
    const long = tooManyPage(over({ what: 'sender', rate, count: null, waitMs: 25_000_000 }), {
      now,
      sent: null,
    });
    assert.equal(long.came, 'In the last day, more than 300 requests came from your network');
    assert.equal(long.takes, 'We take 300 a day from one network.');
    assert.deepEqual(long.again, {
      iso: '2026-07-17T20:59:00Z',
      words: '17 July 2026, 20:59',
      wait: '7 hours',
    });
    const wait = (seconds: number) =>
      tooManyPage(over({ waitMs: seconds * 1_000 }), { now, sent: null }).again.wait;
    assert.deepEqual([1, 59, 60, 61, 120, 121, 3_600, 7_201].map(wait), [
      '1 second',
      '59 seconds',
      '1 minute',
      '61 seconds',
      '2 minutes',
      '3 minutes',
      '1 hour',
      '3 hours',
    ]);
  });
});
