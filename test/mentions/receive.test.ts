import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import { createReceive, type Deadline } from '../../server/mentions/receive.ts';
import { within } from '../../server/storage/deadline.ts';
import type { Topic } from '../../server/topics/topic.ts';

const deadline: Deadline = (answer, until) => within(answer, until - performance.now(), 'a ping');

/** A hub's way in, whose store does what `bySlug` does, and what it logged and counted. */
function aWayIn(bySlug: () => Promise<Topic | null>) {
  const logged: { level: number; msg: string; source?: string }[] = [];
  const counted: string[] = [];
  const receive = createReceive({
    topics: { bySlug },
    mentions: { take: () => Promise.reject(new Error('not asked')) },
    refusals: { note: async () => {} },
    rules: { ownKeys: [], allow: new Set() },
    limit: async () => null,
    taken: () => {},
    counted: (_via, outcome) => counted.push(outcome),
    deadline,
    log: pino({}, { write: line => logged.push(JSON.parse(line)) }),
  });
  const ping = (until: number, source = 'http://blog.example/1') =>
    receive({ source, words: {} }, { topic: 'night-sky', via: 'trackback', sender: null, until });
  return {
    ping,
    counted,
    logged,
    faults: () => logged.filter(({ level }) => level >= 50).map(({ msg }) => msg),
  };
}

const STORE_AWAY = { refusal: 'store-away', topic: null };

describe('a ping that the store does not take', () => {
  it('is answered when its time is over, whatever the store still does', async () => {
    const { ping, counted, faults } = aWayIn(() => new Promise(() => {}));
    assert.deepEqual(await ping(performance.now()), STORE_AWAY);
    assert.deepEqual(counted, ['store-away']);
    assert.deepEqual(faults(), ['a ping could not be recorded']);
  });

  it('is answered at once when the store fails, with one line in the log', async () => {
    const { ping, counted, faults } = aWayIn(() => Promise.reject(new Error('disk full')));
    assert.deepEqual(await ping(performance.now() + 3_600_000), STORE_AWAY);
    assert.deepEqual(counted, ['store-away']);
    assert.deepEqual(faults(), ['a ping could not be recorded']);
  });
});

it('A17 a password that was sent in the address of a post is not logged', async () => {
  const { ping, logged } = aWayIn(async () => null);
  for (const [sent, kept] of [
    ['http://keeper:hunter2@blog.example/1?by=a@b', 'http://blog.example/1?by=a@b'],
    ['https://a@b:hunter2@blog.example/', 'https://blog.example/'],
    ['http:/keeper:hunter2@blog.example/1', 'http://blog.example/1'],
    ['http:\\\\keeper:hunter2@blog.example/1', 'http://blog.example/1'],
    ['http:keeper:hunter2@blog.example/1', 'http://blog.example/1'],
    ['http:///keeper:hunter2@blog.example/1', 'http://blog.example/1'],
    ['http://keeper:hun/ter2@blog.example/1', 'blog.example/1'],
    ['keeper:hunter2@blog.example/1', 'blog.example/1'],
    ['//keeper:hunter2@blog.example/1', 'blog.example/1'],
    ['http://blog.example/@ana//b@c', 'http://blog.example/@ana//b@c'],
    ['no address\r\nat all', 'no address\r\nat all'],
  ]) {
    await ping(performance.now() + 3_600_000, sent);
    assert.equal(logged.at(-1)?.source, kept);
  }
});
