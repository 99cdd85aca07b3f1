import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import mongoose from 'mongoose';
import { openMongodb } from '../../server/storage/mongodb/open.ts';
import type { Storage } from '../../server/storage/storage.ts';
import { STARTER_TOPICS, type Topic } from '../../server/topics/topic.ts';
import { aClock, type Clock, DAY, MINUTE } from '../support/clock.ts';
import { aPing, claimOf, linkedAt, list } from '../support/mentions.ts';
import { aDatabase } from '../support/mongodb.ts';

const KEY = 'blog.example/orion';

const open = (uri: string, clock: Clock) =>
  openMongodb(
    uri,
    { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' },
    { askTime: async () => clock.now() },
  );

/** Lets this many commands through, and then none any more, as if the process had died there. */
function dieAfter(test: TestContext, commands: number): { restore: () => void; died: () => boolean } {
  let left = commands;
  const exec = mongoose.Query.prototype.exec;
  const mocked = test.mock.method(
    mongoose.Query.prototype,
    'exec',
    function (this: mongoose.Query<unknown, unknown>) {
      if (left-- > 0) return exec.call(this);
      return Promise.reject(new Error('the process is dead'));
    },
  );
  return { restore: () => mocked.mock.restore(), died: () => left < 0 };
}

/** The counters of a topic, as they would be if everything were counted now. */
async function recounted({ mentions }: Storage, topic: Topic) {
  const listed = await mentions.listed(topic.id, 1_000);
  const months: Record<string, number> = {};
  for (const { listedAt } of listed) {
    const month = new Date(listedAt).toISOString().slice(0, 7);
    months[month] = (months[month] ?? 0) + 1;
  }
  const blogs = new Set(listed.map(entry => entry.site)).size;
  return { posts: listed.length, blogs, months, lastListedAt: listed[0]?.listedAt ?? null };
}

async function assertCounted(store: Storage, topic: Topic): Promise<void> {
  const { posts, blogs, months, lastListedAt } = (await store.topics.byId(topic.id)) as Topic;
  assert.deepEqual({ posts, blogs, months, lastListedAt }, await recounted(store, topic));
}

describe('a process that dies between the steps of a settle on MongoDB', () => {
  const STORIES: [what: string, before: 'none' | 'listed', settlement: ReturnType<typeof linkedAt>][] = [
    ['a first listing', 'none', linkedAt(KEY)],
    [
      'new words',
      'listed',
      linkedAt(KEY, { shown: { title: 'New', excerpt: null, blogName: null, language: null } }),
    ],
    [
      'another site',
      'listed',
      linkedAt(KEY, { site: 'other.example', finalUrl: 'http://other.example/orion' }),
    ],
    [
      'a withdrawal',
      'listed',
      { status: 'withdrawn', dueIn: null, tries: 0, failing: null, sight: { saw: 'no-link' } },
    ],
    ['another address of a listed post', 'none', linkedAt('blog.example/first')],
  ];
  for (const [what, before, settlement] of STORIES) {
    it(`leaves its work to the next one: ${what}, stopped after each command`, async test => {
      for (let commands = 0; ; commands++) {
        const clock = aClock();
        const uri = aDatabase(test);
        const store = await open(uri, clock);
        const topic = (await store.topics.bySlug('night-sky')) as Topic;
        await list(store, topic, 'blog.example/first');
        if (before === 'listed') await list(store, topic, KEY);
        await store.mentions.take(aPing(topic, KEY, { via: 'webmention' }));
        const claim = await claimOf(store, KEY);
        const claimed = claim.mentions[0];
        assert.ok(claimed);
        const version = (await store.topics.byId(topic.id))?.version as number;

        const death = dieAfter(test, commands);
        const result = await store.mentions.settle(claim.token, claimed, settlement).catch(() => 'died');
        death.restore();
        await store.close();

        const next = await open(uri, clock);
        await next.mentions.claimDue({ forMs: MINUTE, limit: 10 });
        await assertCounted(next, topic);
        const settled = (await next.mentions.find(topic.id, KEY))?.history.at(-1)?.kind !== 'pinged';
        if (settled) assert.ok(((await next.topics.byId(topic.id))?.version as number) > version);
        await next.close();
        if (!death.died()) {
          assert.notEqual(result, 'died');
          assert.ok(commands > 3, 'it was stopped several times');
          return;
        }
      }
    });
  }

  it('and the same of taking a post down', async test => {
    for (let commands = 0; ; commands++) {
      const clock = aClock();
      const uri = aDatabase(test);
      const store = await open(uri, clock);
      const topic = (await store.topics.bySlug('night-sky')) as Topic;
      await list(store, topic, KEY);
      const death = dieAfter(test, commands);
      await store.mentions.remove(topic.id, KEY).catch(() => 'died');
      death.restore();
      await store.mentions.claimDue({ forMs: MINUTE, limit: 10 });
      await assertCounted(store, topic);
      await store.close();
      if (!death.died()) return;
    }
  });

  it('and meanwhile a topic with posts has a last listing, whatever months they are of', async test => {
    for (let commands = 0; ; commands++) {
      const clock = aClock();
      const store = await open(aDatabase(test), clock);
      test.after(() => store.close());
      const topic = (await store.topics.bySlug('night-sky')) as Topic;
      for (const key of ['blog.example/july', 'blog.example/august', 'blog.example/september']) {
        await list(store, topic, key);
        clock.advance(31 * DAY);
      }
      const death = dieAfter(test, commands);
      await store.mentions.remove(topic.id, 'blog.example/august').catch(() => 'died');
      death.restore();
      await store.mentions.remove(topic.id, 'blog.example/september');
      assert.notEqual((await store.topics.byId(topic.id))?.lastListedAt, null);
      await store.mentions.claimDue({ forMs: MINUTE, limit: 10 });
      await assertCounted(store, topic);
      if (!death.died()) return;
    }
  });
});

describe('many settles at once through two processes on MongoDB', () => {
  it('leave the counters equal to a recount', async test => {
    const clock = aClock();
    const uri = aDatabase(test);
    const stores = [await open(uri, clock), await open(uri, clock)] as const;
    const topic = (await stores[0].topics.bySlug('night-sky')) as Topic;
    const keys = Array.from({ length: 40 }, (_, n) => `blog${n % 7}.example/${n}`);
    await Promise.all(keys.map((key, n) => stores[n % 2]?.mentions.take(aPing(topic, key))));
    await Promise.all(
      stores.map(async store => {
        for (;;) {
          const claims = await store.mentions.claimDue({ forMs: MINUTE, limit: 5 });
          if (claims.length === 0) return;
          await Promise.all(
            claims.map(
              ({ token, key, mentions: [one] }) => one && store.mentions.settle(token, one, linkedAt(key)),
            ),
          );
        }
      }),
    );
    await assertCounted(stores[0], topic);
    assert.equal((await stores[0].topics.byId(topic.id))?.posts, 40);
    const database = await mongoose.createConnection(uri).asPromise();
    assert.equal(await database.collection('mentions').countDocuments({ uncounted: { $exists: true } }), 0);
    await database.close();
    for (const store of stores) await store.close();
  });
});
