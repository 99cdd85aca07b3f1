import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import pino from 'pino';
import { listEverything } from '../../server/moderation/judge.ts';
import { openSqlite } from '../../server/storage/sqlite/open.ts';
import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import type { HopAnswer, HopRequest } from '../../server/verification/hop.ts';
import { createOpenVisit } from '../../server/verification/visit.ts';
import { createWhoAsked } from '../../server/verification/who-asked.ts';
import { createWorker, type WorkerNeeds } from '../../server/verification/worker.ts';
import { aChance } from '../support/chance.ts';
import { aClock, DAY, MINUTE, SECOND } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { aPing, takeMany } from '../support/mentions.ts';
import { until } from '../support/until.ts';

const KEY = 'blog.example/orion';

/** A page that links to everything it is asked about, and bears out nothing. */
const aLinkingPage = ({ wanted }: HopRequest): HopAnswer => ({
  kind: 'page',
  status: 200,
  bytes: 1_000,
  links: 1,
  page: { title: 'Orion', excerpt: null, blogName: null, language: null, author: null, published: null },
  quotable: true,
  found: wanted.map(({ id }) => ({
    id,
    link: { address: 'https://hub.example/t/night-sky', sentence: null, to: 'page' },
    instead: null,
    borneOut: { title: false, excerpt: false, blogName: false },
  })),
});

/** A worker on a real store, whose looks are answered by the test. */
async function aWorker(
  test: TestContext,
  hop: (request: HopRequest) => Promise<HopAnswer> | HopAnswer,
  over: Partial<Pick<WorkerNeeds, 'chance' | 'looks' | 'mostAtOnce' | 'restMs' | 'log'>> = {},
) {
  const clock = aClock();
  const store = openSqlite(aFolder(test), {
    now: clock.now,
    random: randomBytes,
    starters: STARTER_TOPICS,
    as: 'owner',
  });
  const topic = await store.topics.bySlug('night-sky');
  assert.ok(topic);
  const hops: HopRequest[] = [];
  const allow = new Set<string>();
  const whoAsked = createWhoAsked(clock);
  const openVisit = createOpenVisit({
    visits: store.visits,
    hop: async request => {
      hops.push(request);
      return hop(request);
    },
    permit: async () => assert.fail('the test looks by itself'),
    allow,
  });
  const worker = createWorker({
    openVisit,
    visits: store.visits,
    mentions: store.mentions,
    topics: store.topics,
    targetsOf: () => [{ key: 'hub.example/t/night-sky', to: 'page' }],
    topicAt: async () => null,
    rules: { ownKeys: ['hub.example'], allow },
    whoAsked,
    judge: listEverything,
    chance: () => 0,
    now: clock.now,
    settled: () => {},
    longestNapMs: 30_000,
    log: pino({ level: 'silent' }),
    ...over,
  });
  test.after(async () => {
    await worker.stop();
    await store.close();
  });
  const find = (key = KEY) => store.mentions.find(topic.id, key);
  return { ...store, topic, worker, allow, clock, hops, whoAsked, find };
}

describe('the worker', () => {
  it('settles what was owed before it started, and what comes in while it runs', async test => {
    const { mentions, topic, worker, find } = await aWorker(test, aLinkingPage);
    await mentions.take(aPing(topic, KEY));
    worker.start();
    await until(async () => (await find())?.status === 'listed');
    await mentions.take(aPing(topic, 'blog.example/second'));
    worker.wake();
    await until(async () => (await find('blog.example/second'))?.status === 'listed');
  });

  it('looks at all topics of a post together, although settling each takes a moment', async test => {
    let gone = false;
    let settleMs = 5;
    let settled = 0;
    const answer = (request: HopRequest): HopAnswer =>
      gone ? { kind: 'failed', trouble: 'status', status: 503 } : aLinkingPage(request);
    const { mentions, topics, topic, worker, clock, hops, find } = await aWorker(test, answer, {
      chance: aChance(),
    });
    const settle = mentions.settle.bind(mentions);
    test.mock.method(mentions, 'settle', async (...args: Parameters<typeof settle>) => {
      clock.advance(settleMs);
      const result = await settle(...args);
      settled += 1;
      return result;
    });
    const bread = await topics.bySlug('bread-baking');
    assert.ok(bread);
    const both = async () => [await find(), await mentions.find(bread.id, KEY)];
    const looked = (look: number) =>
      until(() => hops.length === look && settled === 2 * look, `look ${look}`);
    await mentions.take(aPing(topic, KEY));
    clock.advance(5 * SECOND);
    await mentions.take(aPing(bread, KEY));
    worker.start();
    await looked(1);
    // The look after an hour, and the four failures that withdraw.
    for (let look = 2; look <= 6; look++) {
      clock.advance(Number(await mentions.nextDueIn()));
      worker.wake();
      await looked(look);
      // The first failure is settled slowly, those after it at once.
      if (gone) settleMs = 0;
      gone = true;
    }
    assert.deepEqual(
      (await both()).map(mention => mention?.status),
      ['withdrawn', 'withdrawn'],
    );
  });

  it('comes back by itself when a site that was full has room', async test => {
    const { mentions, visits, topic, worker, clock, hops } = await aWorker(test, aLinkingPage);
    const site = { kind: 'site', name: 'blog.example' } as const;
    for (const token of ['one', 'two']) await visits.begin(site, { token, forMs: 50 });
    await mentions.take(aPing(topic, KEY, { domain: 'blog.example' }));
    const asked = test.mock.method(mentions, 'nextDueIn');
    worker.start();
    await until(() => asked.mock.callCount() > 0);
    assert.deepEqual(hops, []);
    clock.advance(50);
    await until(() => hops.length === 1);
  });

  it('after a long absence looks at everything owed once, and in the order in which it is owed', async test => {
    const { mentions, topic, worker, clock, hops, find } = await aWorker(test, aLinkingPage, { looks: 1 });
    const keys = ['c', 'a', 'e', 'b', 'd'].map(name => `blog.example/${name}`);
    worker.start();
    for (const key of keys) {
      await mentions.take(aPing(topic, key));
      worker.wake();
      await until(async () => (await find(key))?.tries === 1);
      clock.advance(MINUTE);
    }
    await worker.stop();
    hops.length = 0;
    clock.advance(10 * DAY);
    worker.start();
    await until(async () => (await mentions.countDue()) === 0);
    assert.deepEqual(
      hops.map(hop => hop.url),
      keys.map(key => `http://${key}`),
    );
  });

  it('Z05 tries a page that breaks its reader five times, and then sets it aside', async test => {
    const { mentions, topic, worker, clock, hops, find } = await aWorker(test, () => ({
      kind: 'failed',
      trouble: 'broke-reader',
    }));
    await mentions.take(aPing(topic, KEY));
    worker.start();
    for (let attempt = 1; attempt < 5; attempt++) {
      await until(async () => (await find())?.due === clock.now() + 30 * SECOND, `release ${attempt}`);
      assert.equal((await find())?.attempts, attempt);
      clock.advance(30 * SECOND);
      worker.wake();
    }
    await until(async () => (await find())?.status === 'unreachable');
    assert.equal(hops.length, 5);
    assert.equal((await find())?.due, null);
    assert.equal((await find())?.attempts, 0);
  });

  it('names who asked at every hop and every attempt, until the look is settled', async test => {
    const moved = { kind: 'redirect', status: 302, to: 'https://elsewhere.example/orion' } as const;
    const answers: HopAnswer[] = [{ kind: 'failed', trouble: 'broke-reader' }, moved, moved];
    const { mentions, visits, topic, worker, clock, hops, whoAsked, find } = await aWorker(
      test,
      request => answers.shift() ?? aLinkingPage(request),
    );
    await mentions.take(aPing(topic, KEY));
    whoAsked.remember(KEY, '192.0.2.7');
    whoAsked.remember('blog.example/other', '192.0.2.8');
    worker.start();
    await until(async () => (await find())?.due === clock.now() + 30 * SECOND);
    clock.advance(30 * SECOND);
    const busy = { kind: 'site', name: 'elsewhere.example' } as const;
    for (const token of ['one', 'two']) await visits.begin(busy, { token, forMs: 10 * SECOND });
    worker.wake();
    await until(async () => hops.length === 2 && Number((await find())?.due) > clock.now(), 'to be put off');
    assert.equal((await find())?.attempts, 1, 'what was put off is no attempt');
    clock.advance(30 * SECOND);
    worker.wake();
    await until(async () => (await find())?.status === 'listed');
    assert.deepEqual(
      hops.map(({ url, forwardedFor }) => [url, forwardedFor]),
      [
        ['http://blog.example/orion', '192.0.2.7'],
        ['http://blog.example/orion', '192.0.2.7'],
        ['http://blog.example/orion', '192.0.2.7'],
        ['https://elsewhere.example/orion', '192.0.2.7'],
      ],
    );
    clock.advance(30 * SECOND);
    await mentions.take(aPing(topic, KEY));
    worker.wake();
    await until(() => hops.length === 5);
    assert.equal(hops[4]?.forwardedFor, null);
  });

  it('names in the next look who asks again during this one', async test => {
    const { mentions, topic, worker, allow, hops, whoAsked, find } = await aWorker(test, async request => {
      if (hops.length === 1) {
        await mentions.take(aPing(topic, KEY));
        whoAsked.remember(KEY, '192.0.2.8');
      }
      return aLinkingPage(request);
    });
    await mentions.take(aPing(topic, KEY));
    whoAsked.remember(KEY, '192.0.2.7');
    allow.add('blog.example:80');
    worker.start();
    await until(async () => hops.length === 2 && (await find())?.due !== null);
    assert.deepEqual(
      hops.map(hop => hop.forwardedFor),
      ['192.0.2.7', '192.0.2.8'],
    );
  });

  it('tries a post again later whose looks were ended five times by the end of their process', async test => {
    const { mentions, visits, topic, worker, clock, hops, find } = await aWorker(test, aLinkingPage);
    await mentions.take(aPing(topic, KEY));
    for (let killed = 0; killed < 5; killed++) {
      assert.equal((await mentions.claimDue({ forMs: MINUTE, limit: 1 })).length, 1);
      clock.advance(MINUTE);
    }
    worker.start();
    await until(async () => (await find())?.due === clock.now() + 30 * SECOND);
    const looked = (await find())?.history.find(event => event.kind === 'looked');
    assert.equal(looked?.kind === 'looked' && looked.saw, 'interrupted');
    assert.deepEqual(hops, []);
    for (const token of ['one', 'two']) {
      const site = { kind: 'site', name: 'blog.example' } as const;
      assert.equal(await visits.begin(site, { token, forMs: SECOND }), null, 'nobody is there');
    }
    clock.advance(30 * SECOND);
    worker.wake();
    await until(async () => (await find())?.status === 'listed');
  });

  it('goes on when the store was away', async test => {
    const { mentions, topic, worker, find } = await aWorker(test, aLinkingPage);
    const away = test.mock.method(mentions, 'claimDue', () => Promise.reject(new Error('away')));
    await mentions.take(aPing(topic, KEY));
    worker.start();
    await until(() => away.mock.callCount() > 0);
    away.mock.restore();
    await until(async () => (await find())?.status === 'listed');
  });

  it('settles late when the store is away for a moment, without another look, and says so once', async test => {
    let said = '';
    const write = (line: string) => {
      said += line;
    };
    const log = pino({ level: 'warn' }, { write });
    const { mentions, topic, worker, hops, find } = await aWorker(test, aLinkingPage, { log });
    const away = test.mock.method(mentions, 'settle', () => Promise.reject(new Error('away')));
    await mentions.take(aPing(topic, KEY));
    worker.start();
    await until(() => away.mock.callCount() > 1);
    assert.equal((await find())?.status, 'pending');
    away.mock.restore();
    await until(async () => (await find())?.status === 'listed');
    assert.equal(hops.length, 1);
    assert.equal(said.match(/could not be settled yet/g)?.length, 1);
  });

  it('stops although a look cannot be settled, which is then owed again', async test => {
    const { mentions, topic, worker, find } = await aWorker(test, aLinkingPage);
    const away = test.mock.method(mentions, 'settle', () => Promise.reject(new Error('away')));
    await mentions.take(aPing(topic, KEY));
    worker.start();
    await until(() => away.mock.callCount() > 0);
    await worker.stop();
    assert.notEqual((await find())?.due, null);
  });

  it('lets the store rest between its rounds, however often it is woken', async test => {
    const { worker, mentions } = await aWorker(test, aLinkingPage, { restMs: () => 20 });
    const claims = test.mock.method(mentions, 'claimDue', async () => []);
    worker.start();
    for (let wakes = 0; wakes < 1_000; wakes++) {
      worker.wake();
      await new Promise(setImmediate);
    }
    assert.ok(claims.mock.callCount() < 100, `${claims.mock.callCount()} rounds`);
  });

  it('begins no more looks at once than it may, and all of them although none ends meanwhile', async test => {
    const held = Promise.withResolvers<void>();
    const { mentions, topic, worker, hops } = await aWorker(
      test,
      async request => {
        await held.promise;
        return aLinkingPage(request);
      },
      { mostAtOnce: 2 },
    );
    const claims = test.mock.method(mentions, 'claimDue');
    await takeMany({ mentions }, topic, ['a/1', 'b/1', 'c/1', 'd/1', 'e/1']);
    worker.start();
    try {
      await until(() => hops.length === 5);
      assert.ok(claims.mock.calls.every(call => call.arguments[0].limit <= 2));
    } finally {
      held.resolve();
    }
  });

  it('claims nothing more once it is told to stop, and finishes what is under way', async test => {
    let finish = () => {};
    const waiting = new Promise<void>(resolve => {
      finish = resolve;
    });
    const { mentions, topic, worker, hops, find } = await aWorker(test, async request => {
      await waiting;
      return aLinkingPage(request);
    });
    await mentions.take(aPing(topic, KEY));
    worker.start();
    await until(() => hops.length === 1);
    const stopped = worker.stop();
    await mentions.take(aPing(topic, 'blog.example/second'));
    worker.wake();
    finish();
    await stopped;
    assert.equal((await find())?.status, 'listed');
    assert.equal(hops.length, 1);
  });
});
