import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import type { Storage } from '../../server/storage/storage.ts';
import type { Topic } from '../../server/topics/topic.ts';
import { aClock, type Clock, DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aPing, claimOf, linkedAt, list, metAt, settle, takeMany } from '../support/mentions.ts';
import type { OpenStore } from './engine.ts';

const KEY = 'blog.example/orion';
const LEASE = { forMs: MINUTE, limit: 100 };

/** What every engine's mentions must do (server/mentions/mentions.ts). */
export function mentionsContract(engine: string, open: OpenStore): void {
  async function begin(test: TestContext): Promise<Storage & { clock: Clock; topic: Topic; other: Topic }> {
    const clock = aClock();
    const store = await open(test, clock);
    const topic = await store.topics.bySlug('night-sky');
    const other = await store.topics.bySlug('bread-baking');
    assert.ok(topic && other);
    return { ...store, clock, topic, other };
  }

  const taken = (answer: Mention | 'removed'): Mention => {
    assert.ok(answer !== 'removed');
    return answer;
  };

  describe(`taking a ping on ${engine}`, () => {
    it('makes a mention that waits for its look', async test => {
      const { mentions, topic, clock } = await begin(test);
      const mention = taken(await mentions.take(aPing(topic, KEY)));
      assert.match(mention.id, /^[0-9a-hjkmnp-tv-z]{10}$/);
      assert.equal(mention.status, 'pending');
      assert.equal(mention.due, clock.now());
      assert.equal(mention.claim.title, 'Orion');
      assert.deepEqual(mention.doors, [{ via: 'trackback', at: clock.now(), last: clock.now() }]);
      assert.deepEqual(mention.history, [{ at: clock.now(), kind: 'pinged', via: 'trackback' }]);
      assert.deepEqual(await mentions.find(topic.id, KEY), mention);
    });

    it('Z02 makes one mention of the same post pinged 100 times at once, and 100 successes', async test => {
      const { mentions, topic } = await begin(test);
      const answers = await Promise.all(Array.from({ length: 100 }, () => mentions.take(aPing(topic, KEY))));
      assert.equal(new Set(answers.map(answer => taken(answer).id)).size, 1);
      assert.equal((await mentions.all(topic.id, 1_000)).length, 1);
      const mention = await mentions.find(topic.id, KEY);
      assert.equal(mention?.history[0]?.count, 100);
    });

    it('takes posts that come at once each as if it came alone: new ones, known ones, and one that was taken down', async test => {
      const { mentions, topic, clock } = await begin(test);
      const known = taken(await mentions.take(aPing(topic, 'blog.example/known')));
      await mentions.take(aPing(topic, 'blog.example/removed'));
      await mentions.remove(topic.id, 'blog.example/removed');
      clock.advance(SECOND);
      const keys = Array.from({ length: 30 }, (_, number) => `blog.example/${number}`);
      keys.splice(7, 0, 'blog.example/known', 'blog.example/removed');
      const answers = await Promise.all(keys.map(key => mentions.take(aPing(topic, key))));
      assert.deepEqual(
        keys.filter((_, index) => answers[index] === 'removed'),
        ['blog.example/removed'],
      );
      for (const [index, key] of keys.entries()) {
        const answer = answers[index] as Mention | 'removed';
        if (answer !== 'removed') assert.deepEqual(answer, await mentions.find(topic.id, key), key);
      }
      assert.equal(taken(answers[7] as Mention | 'removed').id, known.id);
      assert.equal((await mentions.find(topic.id, 'blog.example/known'))?.history[0]?.count, 2);
    });

    it('keeps topics apart, and shares nothing but the key', async test => {
      const { mentions, topic, other } = await begin(test);
      const first = taken(await mentions.take(aPing(topic, KEY)));
      const second = taken(await mentions.take(aPing(other, KEY)));
      assert.notEqual(first.id, second.id);
    });

    it('remembers each door once, with its first and its latest ping', async test => {
      const { mentions, topic, clock } = await begin(test);
      const at = clock.now();
      await mentions.take(aPing(topic, KEY));
      clock.advance(SECOND);
      await mentions.take(aPing(topic, KEY, { via: 'pingback' }));
      clock.advance(SECOND);
      const mention = taken(await mentions.take(aPing(topic, KEY)));
      assert.deepEqual(mention.doors, [
        { via: 'trackback', at, last: at + 2 * SECOND },
        { via: 'pingback', at: at + SECOND, last: at + SECOND },
      ]);
    });

    it('takes the latest claim, but changes neither status nor what is shown', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      const before = await list(store, topic, KEY);
      clock.advance(MINUTE);
      const claim = { title: 'Cheap pills', excerpt: null, blogName: null };
      const said = 'title: <b>Cheap</b> pills $set';
      const after = taken(await mentions.take(aPing(topic, KEY, { claim, said })));
      assert.deepEqual([before.said, after.said], ['title: Orion', said]);
      assert.deepEqual(await mentions.byId(after.id), after);
      assert.equal(after.status, 'listed');
      assert.deepEqual(after.shown, before.shown);
      assert.deepEqual(after.claim, claim);
      assert.equal(after.due, clock.now());
      assert.equal((await store.topics.byId(topic.id))?.version, 2);
    });

    it('takes the latest form of the address, which may be the one that works', async test => {
      const { mentions, topic } = await begin(test);
      await mentions.take(aPing(topic, KEY, { sourceUrl: `http://www.${KEY}/` }));
      const again = taken(await mentions.take(aPing(topic, KEY, { sourceUrl: `https://${KEY}` })));
      assert.equal(again.sourceUrl, `https://${KEY}`);
    });

    it('owes no look of its own while the post rests from a failure', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      const at = clock.now();
      const failed = { status: 'pending', dueIn: 5 * MINUTE, tries: 2, failing: null } as const;
      await mentions.take(aPing(topic, KEY));
      await settle(store, topic, KEY, {
        ...failed,
        rest: { pingsMs: 10 * MINUTE, allMs: SECOND },
        sight: { saw: 'timeout' },
      });
      clock.advance(MINUTE);
      const joined = taken(await mentions.take(aPing(topic, KEY)));
      assert.deepEqual(joined.rest, { pingsUntil: at + 10 * MINUTE, allUntil: at + SECOND });
      assert.deepEqual([joined.due, joined.tries], [at + 5 * MINUTE, 2]);
      clock.advance(4 * MINUTE);
      const [claim] = await mentions.claimDue(LEASE);
      const [claimed] = claim?.mentions ?? [];
      assert.ok(claim && claimed);
      await mentions.take(aPing(topic, KEY));
      const rest = { pingsMs: 10 * MINUTE, allMs: 0 };
      const settlement = { ...failed, status: 'unreachable', dueIn: null, tries: 0, rest } as const;
      await mentions.settle(claim.token, claimed, { ...settlement, sight: { saw: 'timeout' } });
      const over = at + 15 * MINUTE;
      assert.equal((await mentions.find(topic.id, KEY))?.due, over, 'for the ping that came meanwhile');
      const last = taken(await mentions.take(aPing(topic, KEY)));
      assert.equal(last.due, over, 'when the rest is over, as nothing else is owed');
      clock.advance(10 * MINUTE);
      const afterwards = taken(await mentions.take(aPing(topic, KEY)));
      assert.deepEqual([afterwards.due, afterwards.tries], [clock.now(), 0]);
      await settle(store, topic, KEY, { ...settlement, sight: { saw: 'timeout' } });
      assert.equal((await mentions.find(topic.id, KEY))?.due, null, 'nobody pinged meanwhile');
      clock.advance(10 * MINUTE);
      await mentions.take(aPing(topic, KEY));
      await settle(store, topic, KEY, linkedAt(KEY));
      assert.equal((await mentions.find(topic.id, KEY))?.rest, null);
    });

    it('says in every topic how long the site asks for a pause, unless the operator will not wait', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      const failed = { status: 'pending', dueIn: HOUR, tries: 1, failing: null } as const;
      const rest = { pingsMs: HOUR, allMs: HOUR };
      await settle(store, topic, KEY, { ...failed, rest, sight: { saw: 'status', status: 503 } });
      clock.advance(MINUTE);
      await mentions.take(aPing(other, KEY));
      const first = await claimOf(store, KEY);
      assert.deepEqual([first.restMs, first.mentions.length], [59 * MINUTE, 1]);
      await mentions.putOff(first.token, SECOND);
      assert.equal(await mentions.lookAgain(topic.id, KEY), true);
      assert.equal((await mentions.find(topic.id, KEY))?.due, clock.now());
      const asked = await claimOf(store, KEY);
      assert.equal(asked.restMs, 59 * MINUTE);
      await mentions.putOff(asked.token, SECOND);
      assert.equal(await mentions.lookAgain(topic.id, KEY, true), true);
      assert.equal((await claimOf(store, KEY)).restMs, 0);
    });

    it('forgets for the operator the pause of a post in all its topics, and of no other post', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      const pause = { pingsMs: HOUR, allMs: HOUR };
      const failed = {
        status: 'pending',
        dueIn: HOUR,
        tries: 1,
        failing: null,
        rest: pause,
        sight: { saw: 'status', status: 503 },
      } as const;
      for (const key of [KEY, 'blog.example/2']) {
        await mentions.take(aPing(topic, key));
        await mentions.take(aPing(other, key));
        const { token, mentions: both } = await claimOf(store, key);
        for (const one of both) await mentions.settle(token, one, failed);
      }
      const over = clock.now() + HOUR;
      clock.advance(MINUTE);
      assert.equal(await mentions.lookAgain(topic.id, KEY, true), true);
      const claim = await claimOf(store, KEY);
      assert.deepEqual([claim.restMs, claim.mentions.length], [0, 1]);
      assert.equal((await mentions.find(other.id, KEY))?.due, over);
      const rest = { pingsUntil: over, allUntil: over };
      assert.deepEqual((await mentions.find(topic.id, 'blog.example/2'))?.rest, rest);
      assert.deepEqual((await mentions.find(other.id, 'blog.example/2'))?.rest, rest);
    });

    it('forgets it under every address that the look is at, also where the post was taken down', async test => {
      const store = await begin(test);
      const { mentions, topic, other } = store;
      const short = 'short.example/x';
      const rest = { pingsMs: HOUR, allMs: HOUR };
      await settle(store, topic, short, linkedAt(KEY));
      await settle(store, other, short, {
        status: 'pending',
        dueIn: HOUR,
        tries: 1,
        failing: null,
        rest,
        sight: { saw: 'status', status: 503 },
      });
      await mentions.remove(other.id, short);
      assert.equal(await mentions.lookAgain(other.id, short, true), false);
      await mentions.lookAgain(topic.id, KEY);
      const asked = await claimOf(store, short);
      assert.equal(asked.restMs, HOUR);
      await mentions.putOff(asked.token, asked.restMs);
      assert.equal(await mentions.lookAgain(topic.id, KEY, true), true);
      assert.equal((await claimOf(store, short)).restMs, 0);
    });

    it('keeps the newest 50 events of a history', async test => {
      const { mentions, topic, clock } = await begin(test);
      for (let n = 0; n < 70; n++) {
        clock.advance(SECOND);
        await mentions.take(aPing(topic, KEY, { via: n % 2 ? 'pingback' : 'webmention' }));
      }
      const mention = await mentions.find(topic.id, KEY);
      assert.equal(mention?.history.length, 50);
      assert.equal(mention?.history.at(-1)?.at, clock.now());
    });

    it('refuses a post that the operator removed, and leaves it as it is', async test => {
      const store = await begin(test);
      const { mentions, topic } = store;
      await list(store, topic, KEY);
      assert.equal(await mentions.remove(topic.id, KEY), true);
      const before = await mentions.find(topic.id, KEY);
      assert.equal(await mentions.take(aPing(topic, KEY)), 'removed');
      assert.deepEqual(await mentions.find(topic.id, KEY), before);
      assert.equal(before?.due, null);
    });
  });

  describe(`claiming on ${engine}`, () => {
    it('hands out each source once, with all its due mentions, the longest owed first', async test => {
      const { mentions, topic, other, clock } = await begin(test);
      await mentions.take(aPing(topic, 'b.example/1'));
      clock.advance(SECOND);
      await mentions.take(aPing(topic, 'a.example/1'));
      await mentions.take(aPing(other, 'b.example/1'));
      const claims = await mentions.claimDue(LEASE);
      assert.deepEqual(
        claims.map(claim => [claim.key, claim.mentions.length]),
        [
          ['b.example/1', 2],
          ['a.example/1', 1],
        ],
      );
      assert.deepEqual(await mentions.claimDue(LEASE), []);
    });

    it('takes along what is listed, or was, under other topics and due within half a minute', async test => {
      const store = await begin(test);
      const { topic, other, clock } = store;
      const claimed = async () => (await store.mentions.claimDue(LEASE)).map(claim => claim.mentions.length);
      for (const wait of [30 * SECOND, 30 * SECOND + 1]) {
        const key = `a.example/${wait}`;
        await list(store, topic, key);
        clock.advance(wait);
        await settle(store, other, key, linkedAt(key, { status: 'withdrawn' }));
      }
      clock.advance(HOUR - MINUTE - 2);
      assert.deepEqual(await claimed(), []);
      clock.advance(1);
      assert.deepEqual(await claimed(), [2]);
      clock.advance(30 * SECOND);
      assert.deepEqual(await claimed(), [1]);
    });

    it('but not what is owed on the ladder of a post that was never listed', async test => {
      const store = await begin(test);
      const { topic, other, clock } = store;
      await list(store, topic, KEY);
      await settle(store, other, KEY, linkedAt(KEY, { status: 'unlinked', dueIn: HOUR + 1 }));
      clock.advance(HOUR);
      const [claim] = await store.mentions.claimDue(LEASE);
      assert.deepEqual(
        claim?.mentions.map(mention => mention.status),
        ['listed'],
      );
    });

    it('gives each of several sources a token of its own, for it and what goes along', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      const keys = ['$a.example/$key', 'b.example/1', 'c.example/{}'];
      for (const key of keys) await list(store, topic, key);
      clock.advance(SECOND);
      for (const key of keys.slice(0, 2)) await list(store, other, key);
      await settle(store, other, 'c.example/{}', linkedAt('c.example/{}', { status: 'unlinked' }));
      clock.advance(HOUR - SECOND);
      const claims = await mentions.claimDue(LEASE);
      const counts = new Map(claims.map(claim => [claim.key, claim.mentions.length]));
      assert.deepEqual(
        keys.map(key => counts.get(key)),
        [2, 2, 1],
      );
      assert.equal(new Set(claims.map(claim => claim.token)).size, 3);
      for (const [n, { key, token, mentions: held }] of claims.entries()) {
        for (const one of held) {
          assert.equal(one.key, key);
          const others = claims[(n + 1) % 3]?.token as string;
          assert.equal((await mentions.settle(others, one, linkedAt(key))).result, 'stale');
          assert.equal((await mentions.settle(token, one, linkedAt(key))).result, 'settled');
        }
      }
    });

    it('gives 50 claimers 50 different sources', async test => {
      const { mentions, topic } = await begin(test);
      await Promise.all(Array.from({ length: 50 }, (_, n) => mentions.take(aPing(topic, `a.example/${n}`))));
      const claims = await Promise.all(
        Array.from({ length: 50 }, () => mentions.claimDue({ forMs: MINUTE, limit: 1 })),
      );
      assert.equal(new Set(claims.flat().map(claim => claim.key)).size, 50);
    });

    it('claims nothing before it is due', async test => {
      const store = await begin(test);
      await list(store, store.topic, KEY);
      assert.equal(await store.mentions.nextDueIn(), HOUR);
      store.clock.advance(HOUR - 1);
      assert.deepEqual(await store.mentions.claimDue(LEASE), []);
      store.clock.advance(1);
      assert.equal(await store.mentions.nextDueIn(), 0);
      assert.equal(await store.mentions.countDue(), 1);
      assert.equal((await store.mentions.claimDue(LEASE)).length, 1);
    });

    it('hands a source out again when the lease is over, and counts the attempt', async test => {
      const { mentions, topic, clock } = await begin(test);
      await mentions.take(aPing(topic, KEY));
      for (let attempt = 1; attempt <= 3; attempt++) {
        const claims = await mentions.claimDue(LEASE);
        assert.equal(claims[0]?.mentions[0]?.attempts, attempt);
        clock.advance(MINUTE);
      }
    });

    it('takes a claim back unsettled, with its attempt, and owes the look later', async test => {
      const { mentions, topic, clock } = await begin(test);
      await mentions.take(aPing(topic, KEY));
      const [claim] = await mentions.claimDue(LEASE);
      assert.ok(claim);
      await mentions.release(claim.token, 30 * SECOND);
      assert.deepEqual(await mentions.claimDue(LEASE), []);
      assert.equal(await mentions.nextDueIn(), 30 * SECOND);
      clock.advance(30 * SECOND);
      assert.equal((await mentions.claimDue(LEASE))[0]?.mentions[0]?.attempts, 2);
    });

    it('takes a claim back of which nothing was tried, without its attempt', async test => {
      const { mentions, topic, clock } = await begin(test);
      await mentions.take(aPing(topic, KEY));
      const [claim] = await mentions.claimDue(LEASE);
      assert.ok(claim);
      await mentions.putOff(claim.token, 2 * SECOND);
      assert.deepEqual(await mentions.claimDue(LEASE), []);
      assert.equal(await mentions.nextDueIn(), 2 * SECOND);
      clock.advance(2 * SECOND);
      assert.equal((await mentions.claimDue(LEASE))[0]?.mentions[0]?.attempts, 1);
      await mentions.putOff(claim.token, HOUR);
      assert.equal((await mentions.find(topic.id, KEY))?.due, clock.now(), 'the token was an old one');
    });

    it('passes over a domain, and takes no more of another than its share', async test => {
      const { mentions, topic, clock } = await begin(test);
      const take = (key: string, domain: string) => mentions.take(aPing(topic, key, { domain }));
      for (const host of ['a.slow.example', 'b.slow.example']) {
        for (let n = 0; n < 300; n++) await take(`${host}/${n}`, 'slow.example');
      }
      clock.advance(SECOND);
      for (let n = 0; n < 3; n++) {
        await take(`full.example/${n}`, 'full.example');
        await take(`allowed.example/${n}`, '');
      }
      await take('honest.example/1', 'honest.example');
      const claims = await mentions.claimDue({
        ...LEASE,
        limit: 64,
        passOver: ['full.example'],
        ofDomain: 2,
      });
      assert.deepEqual(
        claims.map(claim => claim.key.replace(/.*slow/, 'slow').replace(/[0-9]+$/, '')).sort(),
        [...Array(3).fill('allowed.example/'), 'honest.example/', ...Array(2).fill('slow.example/')],
      );
      assert.equal(await mentions.nextDueIn(['full.example']), 0);
      assert.equal(await mentions.nextDueIn(['full.example', 'slow.example']), null);
      const more = await mentions.claimDue({ ...LEASE, passOver: ['slow.example'] });
      assert.equal(more.length, 3);
    });

    it('knows the domain of the latest form of an address', async test => {
      const { mentions, topic } = await begin(test);
      await mentions.take(aPing(topic, KEY));
      await mentions.take(aPing(topic, KEY, { domain: 'blog.example' }));
      assert.deepEqual(await mentions.claimDue({ ...LEASE, passOver: ['blog.example'] }), []);
    });

    it('owes nothing when nothing was pinged', async test => {
      const { mentions } = await begin(test);
      assert.equal(await mentions.nextDueIn(), null);
      assert.equal(await mentions.countDue(), 0);
    });
  });

  describe(`settling on ${engine}`, () => {
    it('writes status, words, history and the next look, and counts attempts anew', async test => {
      const store = await begin(test);
      const { topic, clock } = store;
      const mention = await settle(store, topic, KEY, linkedAt(KEY));
      assert.equal(mention.status, 'listed');
      assert.equal(mention.attempts, 0);
      assert.equal(mention.due, clock.now() + HOUR);
      assert.equal(mention.listedAt, clock.now());
      assert.equal(mention.listedKey, KEY);
      assert.deepEqual(
        mention.history.map(event => event.kind),
        ['pinged', 'looked', 'became'],
      );
    });

    it('keeps what the latest look met; where none ended, what was met before', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      assert.equal(taken(await mentions.take(aPing(topic, KEY))).evidence, null);
      assert.equal((await mentions.find(topic.id, KEY))?.evidence, null);
      const first = { ...metAt(KEY), at: store.now() };
      assert.deepEqual((await settle(store, topic, KEY, linkedAt(KEY))).evidence, first);
      clock.advance(MINUTE);
      const missed = metAt(KEY, {
        saw: 'no-link',
        link: null,
        miss: { kind: 'other-topic', topicId: 't1', address: 'https://hub.example/t/$x', sentence: null },
      });
      const looked = await settle(store, topic, KEY, linkedAt(KEY, { evidence: missed }));
      const then = { ...missed, at: store.now() };
      assert.deepEqual(looked.evidence, then);
      assert.equal(looked.history.findLast(event => event.kind === 'looked')?.at, then.at);
      clock.advance(MINUTE);
      const { evidence: _none, ...interrupted } = linkedAt(KEY);
      assert.deepEqual((await settle(store, topic, KEY, interrupted)).evidence, then);
      assert.deepEqual(taken(await mentions.take(aPing(topic, KEY))).evidence, then);
    });

    it('refuses a token that is no longer the holder, and changes nothing', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      await mentions.take(aPing(topic, KEY));
      const slow = await claimOf(store, KEY);
      clock.advance(2 * MINUTE);
      const fast = await claimOf(store, KEY);
      assert.ok(slow.mentions[0] && fast.mentions[0]);
      const unlinked = {
        status: 'unlinked',
        dueIn: null,
        tries: 0,
        failing: null,
        sight: { saw: 'no-link' },
        evidence: metAt(KEY, { saw: 'no-link', link: null, miss: { kind: 'elsewhere' } }),
      } as const;
      const before = await mentions.find(topic.id, KEY);
      assert.equal((await mentions.settle(slow.token, slow.mentions[0], unlinked)).result, 'stale');
      assert.deepEqual(await mentions.find(topic.id, KEY), before);
      assert.deepEqual([before?.status, before?.evidence], ['pending', null]);
      assert.equal((await mentions.settle(fast.token, fast.mentions[0], linkedAt(KEY))).result, 'settled');
      const after = await mentions.find(topic.id, KEY);
      assert.equal((await mentions.settle(slow.token, slow.mentions[0], unlinked)).result, 'stale');
      assert.deepEqual(await mentions.find(topic.id, KEY), after);
      assert.deepEqual([after?.status, after?.evidence], ['listed', { ...metAt(KEY), at: clock.now() }]);
    });

    it('takes one of many answers under the same token, with what it met', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      await mentions.take(aPing(topic, KEY));
      const { token, mentions: claimed } = await claimOf(store, KEY);
      const [one] = claimed;
      assert.ok(one);
      const evidences = Array.from({ length: 10 }, (_, n) => metAt(KEY, { tookMs: n }));
      const answers = await Promise.all(
        evidences.map(evidence => mentions.settle(token, one, linkedAt(KEY, { evidence }))),
      );
      const settled = evidences.filter((_, n) => answers[n]?.result === 'settled');
      assert.equal(settled.length, 1);
      assert.equal(answers.filter(answer => answer.result === 'stale').length, 9);
      assert.deepEqual((await mentions.find(topic.id, KEY))?.evidence, { ...settled[0], at: clock.now() });
    });

    it('keeps a post due that was pinged during its look', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      await mentions.take(aPing(topic, KEY));
      const claim = await claimOf(store, KEY);
      await mentions.take(aPing(topic, KEY, { claim: { title: 'Edited', excerpt: null, blogName: null } }));
      assert.ok(claim.mentions[0]);
      await mentions.settle(claim.token, claim.mentions[0], linkedAt(KEY));
      assert.equal((await mentions.find(topic.id, KEY))?.due, clock.now());
      const next = await claimOf(store, KEY);
      assert.equal(next.mentions[0]?.claim.title, 'Edited');
    });

    it('raises the version only when the public list changes', async test => {
      const store = await begin(test);
      const { mentions, topic, topics } = store;
      const version = async () => (await topics.byId(topic.id))?.version;
      const before = (await version()) as number;
      await mentions.take(aPing(topic, KEY));
      assert.equal(await version(), before);
      await list(store, topic, KEY);
      assert.equal(await version(), before + 1);
      await list(store, topic, KEY);
      assert.equal(await version(), before + 1, 'the same words again');
      const shown = { title: 'New title', excerpt: null, blogName: null, language: null };
      await settle(store, topic, KEY, linkedAt(KEY, { shown }));
      assert.equal(await version(), before + 2, 'other words');
      await settle(store, topic, 'b.example/2', {
        status: 'unlinked',
        dueIn: null,
        tries: 0,
        failing: null,
        sight: { saw: 'no-link' },
      });
      assert.equal(await version(), before + 2, 'an unlinked post');
    });

    for (const status of ['withdrawn', 'held'] as const)
      it(`S12 takes off the list (${status}) and lists again at the old place, and the counters follow`, async test => {
        const store = await begin(test);
        const { mentions, topic, topics, clock } = store;
        const listedAt = (await list(store, topic, KEY)).listedAt;
        await list(store, topic, 'blog.example/second');
        clock.advance(40 * DAY);
        await settle(store, topic, KEY, {
          status,
          dueIn: 30 * DAY,
          tries: 0,
          failing: null,
          sight: { saw: 'no-link' },
        });
        const without = await topics.byId(topic.id);
        assert.deepEqual([without?.posts, without?.blogs, without?.months], [1, 1, { '2026-07': 1 }]);
        assert.deepEqual(
          (await mentions.listed(topic.id, 10)).map(entry => entry.url),
          ['http://blog.example/second'],
        );
        const back = await list(store, topic, KEY);
        assert.equal(back.listedAt, listedAt);
        assert.equal((await topics.byId(topic.id))?.posts, 2);
      });

    it('counts a post under its new blog when it moved there', async test => {
      const store = await begin(test);
      const { topic, topics } = store;
      await list(store, topic, KEY);
      await list(store, topic, 'blog.example/second');
      await settle(
        store,
        topic,
        KEY,
        linkedAt(KEY, { site: 'other.example', finalUrl: 'http://other.example/orion' }),
      );
      assert.equal((await topics.byId(topic.id))?.blogs, 2);
      await settle(store, topic, KEY, linkedAt(KEY));
      assert.equal((await topics.byId(topic.id))?.blogs, 1);
    });

    it('merges another address of a listed post, and shows its door there', async test => {
      const store = await begin(test);
      const { mentions, topic, topics } = store;
      const first = await list(store, topic, KEY);
      await mentions.take(aPing(topic, 'short.example/x', { via: 'webmention' }));
      const claim = await claimOf(store, 'short.example/x');
      assert.ok(claim.mentions[0]);
      const answer = await mentions.settle(claim.token, claim.mentions[0], linkedAt(KEY));
      assert.deepEqual(answer, { result: 'merged', visible: true });
      const merged = await mentions.find(topic.id, 'short.example/x');
      assert.deepEqual([merged?.status, merged?.mergedInto, merged?.due], ['merged', first.id, null]);
      const entries = await mentions.listed(topic.id, 10);
      assert.deepEqual(
        entries.map(entry => entry.doors),
        [['trackback', 'webmention']],
      );
      assert.equal((await topics.byId(topic.id))?.posts, 1);
    });

    it('never lists another address of a post that the operator removed', async test => {
      const store = await begin(test);
      const { mentions, topic } = store;
      await list(store, topic, KEY);
      await mentions.remove(topic.id, KEY);
      const other = await settle(store, topic, 'short.example/x', linkedAt(KEY));
      assert.equal(other.status, 'merged');
      assert.deepEqual(await mentions.listed(topic.id, 10), []);
    });

    it('lists one of two addresses that lead to one post, whatever the order', async test => {
      const store = await begin(test);
      const { mentions, topic } = store;
      const short = await settle(store, topic, 'short.example/x', linkedAt(KEY));
      const own = await settle(store, topic, KEY, linkedAt(KEY));
      assert.deepEqual([short.status, own.status, own.mergedInto], ['listed', 'merged', short.id]);
      assert.equal((await mentions.listed(topic.id, 10)).length, 1);
    });

    it('gives the place of a listing that was lost to the post itself, with its time', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      const redirector = await settle(store, topic, 'short.example/x', linkedAt(KEY));
      await settle(store, topic, KEY, linkedAt(KEY));
      clock.advance(DAY);
      const moved = {
        status: 'withdrawn',
        dueIn: null,
        tries: 0,
        failing: null,
        sight: { saw: 'moved' },
      } as const;
      await settle(store, topic, 'short.example/x', moved);
      assert.equal(
        (await mentions.find(topic.id, KEY))?.due,
        clock.now(),
        'the merged one is looked at again',
      );
      const claim = await claimOf(store, KEY);
      assert.ok(claim.mentions[0]);
      await mentions.settle(claim.token, claim.mentions[0], linkedAt(KEY));
      const own = await mentions.find(topic.id, KEY);
      assert.deepEqual([own?.status, own?.listedKey, own?.listedAt], ['listed', KEY, redirector.listedAt]);
      const back = await settle(store, topic, 'short.example/x', linkedAt(KEY));
      assert.deepEqual([back.status, back.mergedInto], ['merged', own?.id]);
      assert.equal((await mentions.listed(topic.id, 10)).length, 1);
    });

    it('never lists a post that was taken down before its first look, whatever redirects to it', async test => {
      const store = await begin(test);
      const { mentions, topic } = store;
      await mentions.take(aPing(topic, KEY));
      await mentions.remove(topic.id, KEY);
      assert.equal((await settle(store, topic, 'short.example/x', linkedAt(KEY))).status, 'merged');
      assert.deepEqual(await mentions.listed(topic.id, 10), []);
    });

    it('keeps a look owed that the operator asked for during another one', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      await mentions.take(aPing(topic, KEY));
      const claim = await claimOf(store, KEY);
      await mentions.lookAgain(topic.id, KEY);
      assert.ok(claim.mentions[0]);
      await mentions.settle(claim.token, claim.mentions[0], linkedAt(KEY));
      assert.equal((await mentions.find(topic.id, KEY))?.due, clock.now());
    });

    it('takes a post down under the address it is listed with, and under every other one', async test => {
      for (const asked of [KEY, 'short.example/x', 'short.example/y']) {
        const store = await begin(test);
        const { mentions, topic } = store;
        await settle(store, topic, 'short.example/x', linkedAt(KEY));
        await settle(store, topic, 'short.example/y', linkedAt(KEY));
        assert.equal(await mentions.lookAgain(topic.id, asked), true);
        assert.equal(await mentions.remove(topic.id, asked), true);
        assert.deepEqual(await mentions.listed(topic.id, 10), [], asked);
        assert.equal(await mentions.take(aPing(topic, asked === KEY ? 'short.example/x' : asked)), 'removed');
      }
    });

    it('begins the ladder anew when a ping comes during a look', async test => {
      const store = await begin(test);
      const { mentions, topic } = store;
      await mentions.take(aPing(topic, KEY));
      const claim = await claimOf(store, KEY);
      await mentions.take(aPing(topic, KEY));
      assert.ok(claim.mentions[0]);
      const failed = {
        status: 'pending',
        dueIn: HOUR,
        tries: 4,
        failing: null,
        sight: { saw: 'timeout' },
      } as const;
      await mentions.settle(claim.token, claim.mentions[0], failed);
      assert.equal((await mentions.find(topic.id, KEY))?.tries, 0);
    });

    it('removes for good, and the counters follow', async test => {
      const store = await begin(test);
      const { mentions, topic, topics } = store;
      await list(store, topic, KEY);
      await mentions.remove(topic.id, KEY);
      const now = await topics.byId(topic.id);
      assert.deepEqual([now?.posts, now?.blogs, now?.months, now?.lastListedAt], [0, 0, {}, null]);
      assert.equal(await mentions.lookAgain(topic.id, KEY), false);
      assert.equal(await mentions.remove(topic.id, 'blog.example/unknown'), false);
    });

    it('owes a look at once when the operator asks for one', async test => {
      const store = await begin(test);
      await list(store, store.topic, KEY);
      assert.equal(await store.mentions.lookAgain(store.topic.id, KEY), true);
      assert.equal(await store.mentions.nextDueIn(), 0);
      assert.equal(await store.mentions.lookAgain(store.topic.id, 'blog.example/unknown'), false);
    });
  });

  describe(`finding a post on ${engine}`, () => {
    it('by its id', async test => {
      const { mentions, topic } = await begin(test);
      const mention = taken(await mentions.take(aPing(topic, KEY)));
      assert.deepEqual(await mentions.byId(mention.id), mention);
      assert.equal(await mentions.byId('0000000000'), null);
    });

    it('in every topic, the latest ping first', async test => {
      const { mentions, topic, other, clock } = await begin(test);
      const first = taken(await mentions.take(aPing(topic, KEY)));
      clock.advance(SECOND);
      const second = taken(await mentions.take(aPing(other, KEY)));
      await mentions.take(aPing(topic, `${KEY}/2`));
      assert.deepEqual(await mentions.ofPost(KEY), [second, first]);
      assert.deepEqual(await mentions.ofPost('blog.example/unknown'), []);
    });

    it('under the address it is listed with, and where it was merged', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      const listed = await settle(store, topic, 'short.example/x', linkedAt(KEY));
      clock.advance(SECOND);
      const merged = await settle(store, topic, 'short.example/y', linkedAt(KEY));
      const ids = async (key: string) => (await mentions.ofPost(key)).map(mention => mention.id);
      assert.deepEqual(await ids(KEY), [listed.id]);
      assert.deepEqual(await ids('short.example/x'), [listed.id]);
      assert.deepEqual(await ids('short.example/y'), [merged.id, listed.id]);
    });

    it('in at most 100 topics', async test => {
      const { mentions, topic } = await begin(test);
      await Promise.all(
        Array.from({ length: 101 }, (_, n) => mentions.take(aPing(topic, KEY, { topicId: `topic${n}` }))),
      );
      assert.equal((await mentions.ofPost(KEY)).length, 100);
    });
  });

  describe(`what is forgotten on ${engine}`, () => {
    const unlinked = {
      status: 'unlinked',
      dueIn: null,
      tries: 0,
      failing: null,
      sight: { saw: 'no-link' },
    } as const;

    it('events of more than 90 days ago, when the next one is written', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      await list(store, topic, KEY);
      clock.advance(60 * DAY);
      await mentions.take(aPing(topic, KEY, { via: 'webmention' }));
      clock.advance(31 * DAY);
      const mention = taken(await mentions.take(aPing(topic, KEY, { via: 'pingback' })));
      assert.deepEqual(
        mention.history.map(event => [event.kind, clock.now() - event.at]),
        [
          ['pinged', 31 * DAY],
          ['pinged', 0],
        ],
      );
      assert.equal(mention.doors.length, 3, 'but not the doors');
      const [claim] = await mentions.claimDue(LEASE);
      assert.ok(claim?.mentions[0]);
      clock.advance(91 * DAY);
      await mentions.settle(claim.token, claim.mentions[0], linkedAt(KEY));
      assert.deepEqual(
        (await mentions.find(topic.id, KEY))?.history.map(event => event.kind),
        ['looked'],
      );
    });

    it('posts that were never listed and did not change for 90 days, however many', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      for (let n = 0; n < 3; n++) await settle(store, topic, `blog.example/${n}`, unlinked);
      clock.advance(89 * DAY);
      assert.equal(await mentions.purge(90), 0);
      await settle(store, topic, 'blog.example/0', unlinked);
      await mentions.lookAgain(topic.id, 'blog.example/1');
      clock.advance(2 * DAY);
      assert.equal(await mentions.purge(90), 1);
      assert.equal(await mentions.find(topic.id, 'blog.example/2'), null);
      const claim = await claimOf(store, 'blog.example/1');
      assert.ok(claim.mentions[0]);
      await mentions.settle(claim.token, claim.mentions[0], unlinked);
      clock.advance(89 * DAY);
      assert.equal(await mentions.purge(90), 1, 'a look is a change too');
      assert.equal(await mentions.find(topic.id, 'blog.example/0'), null);
      assert.equal((await mentions.find(topic.id, 'blog.example/1'))?.status, 'unlinked');
    });

    it('in pieces', async test => {
      const store = await begin(test);
      const { mentions, topic, clock, topics } = store;
      const keys = Array.from({ length: 1_100 }, (_, n) => `blog.example/${n}`);
      await takeMany(store, topic, keys);
      const claims = await mentions.claimDue({ forMs: MINUTE, limit: 2_000 });
      await Promise.all(
        claims.flatMap(({ token, mentions: all }) => all.map(one => mentions.settle(token, one, unlinked))),
      );
      clock.advance(91 * DAY);
      assert.equal(await mentions.purge(90), 1_100);
      assert.deepEqual(await mentions.all(topic.id, 10), []);
      assert.equal((await topics.byId(topic.id))?.posts, 0);
    });

    it('never a post that is listed, may come back, was merged or taken down, or is owed a look', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      const listed = await list(store, topic, KEY);
      await settle(store, topic, 'short.example/x', linkedAt(KEY));
      await list(store, topic, 'blog.example/gone');
      await settle(store, topic, 'blog.example/gone', {
        ...unlinked,
        status: 'withdrawn',
        sight: { saw: 'gone', status: 410 },
      });
      await settle(store, topic, 'blog.example/removed', unlinked);
      await mentions.remove(topic.id, 'blog.example/removed');
      const owed = taken(await mentions.take(aPing(topic, 'blog.example/owed')));
      clock.advance(91 * DAY);
      assert.equal(await mentions.purge(90), 3, 'the histories of those that owe no look');
      assert.equal(await mentions.purge(90), 0);
      assert.deepEqual(await mentions.find(topic.id, KEY), {
        ...listed,
        doors: (await mentions.find(topic.id, KEY))?.doors,
      });
      assert.deepEqual(await mentions.find(topic.id, owed.key), owed);
      for (const [key, status] of [
        ['short.example/x', 'merged'],
        ['blog.example/gone', 'withdrawn'],
        ['blog.example/removed', 'removed'],
      ] as const) {
        const kept = await mentions.find(topic.id, key);
        assert.deepEqual([kept?.status, kept?.history], [status, []], key);
      }
      assert.equal(await mentions.take(aPing(topic, 'blog.example/removed')), 'removed');
      const back = await list(store, topic, 'blog.example/gone');
      assert.deepEqual(
        back.history.map(event => event.kind),
        ['pinged', 'looked', 'became'],
      );
    });
  });

  describe(`the public list on ${engine}`, () => {
    it('is newest first and pages by place: nothing twice, nothing left out, also within one moment', async test => {
      const store = await begin(test);
      const { mentions, topic, clock } = store;
      for (let n = 0; n < 25; n++) {
        if (n % 5 === 0) clock.advance(MINUTE);
        await list(store, topic, `blog.example/${n}`);
      }
      const seen: string[] = [];
      let place: { listedAt: number; id: string } | undefined;
      for (;;) {
        const page = await mentions.listed(topic.id, 7, place);
        if (page.length === 0) break;
        seen.push(...page.map(entry => entry.url));
        place = page.at(-1);
      }
      assert.equal(seen.length, 25);
      assert.equal(new Set(seen).size, 25);
      assert.match(String(seen[0]), /blog.example\/2[0-4]$/);
    });

    it('shows words, doors, site and what the page says of itself', async test => {
      const store = await begin(test);
      await list(store, store.topic, KEY);
      const [entry] = await store.mentions.listed(store.topic.id, 10);
      assert.deepEqual(entry?.shown, {
        title: 'Orion',
        excerpt: 'Three stars.',
        blogName: 'Starlight',
        language: 'en',
      });
      assert.deepEqual([entry?.site, entry?.doors, entry?.author], ['blog.example', ['trackback'], 'Ana']);
    });
  });

  describe(`the newest posts of several topics on ${engine}`, () => {
    const urlsOf = (posts: { url: string }[]) =>
      posts.map(post => post.url.replace('http://blog.example/', ''));

    it('are newest first, of the topics asked for and of no other', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      for (const [n, where] of [topic, other, topic, other].entries()) {
        clock.advance(MINUTE);
        await list(store, where, `blog.example/${n}`);
      }
      const both = [topic.id, other.id];
      assert.deepEqual(urlsOf(await mentions.latest(both, 10)), ['3', '2', '1', '0']);
      assert.deepEqual(urlsOf(await mentions.latest(both, 3)), ['3', '2', '1']);
      assert.deepEqual(urlsOf(await mentions.latest([topic.id], 10)), ['2', '0']);
      assert.deepEqual(await mentions.latest([], 10), []);
      assert.deepEqual(await mentions.latest(['unknown000'], 10), []);
    });

    it('hold a post of two topics once: at its first listing, with both topics, the newest words, all doors', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      await list(store, topic, KEY);
      const first = clock.now();
      clock.advance(DAY);
      await list(store, other, 'blog.example/between');
      clock.advance(DAY);
      await mentions.take(aPing(other, KEY, { via: 'webmention' }));
      const claim = await claimOf(store, KEY);
      const claimed = claim.mentions.find(one => one.topicId === other.id);
      assert.ok(claimed);
      const shown = { title: 'Orion, again', excerpt: null, blogName: 'Starlight', language: 'en' };
      await mentions.settle(claim.token, claimed, linkedAt(KEY, { shown }));

      const posts = await mentions.latest([topic.id, other.id], 10);
      assert.deepEqual(urlsOf(posts), ['between', 'orion']);
      const orion = posts[1];
      assert.equal(orion?.listedAt, first);
      assert.deepEqual(orion?.topicIds, [topic.id, other.id]);
      assert.deepEqual(orion?.doors, ['trackback', 'webmention']);
      assert.equal(orion?.shown.title, 'Orion, again');
      const [only] = await mentions.latest([other.id], 10);
      assert.deepEqual([only?.listedAt, only?.topicIds], [clock.now(), [other.id]]);
    });

    it('do not hold what lost its listing', async test => {
      const store = await begin(test);
      const { mentions, topic, other } = store;
      await list(store, topic, KEY);
      await list(store, other, KEY);
      await mentions.remove(topic.id, KEY);
      const [post] = await mentions.latest([topic.id, other.id], 10);
      assert.deepEqual(post?.topicIds, [other.id]);
      await mentions.remove(other.id, KEY);
      assert.deepEqual(await mentions.latest([topic.id, other.id], 10), []);
    });

    it('are as many as were asked for, each once, when every post is in both topics', async test => {
      const store = await begin(test);
      const { mentions, topic, other, clock } = store;
      const keys = Array.from({ length: 10 }, (_, n) => `blog.example/${n}`);
      for (const key of keys) {
        for (const one of [topic, other]) {
          clock.advance(MINUTE);
          await list(store, one, key);
        }
      }
      const posts = await mentions.latest([topic.id, other.id], 6);
      assert.deepEqual(urlsOf(posts), ['9', '8', '7', '6', '5', '4']);
      for (const post of posts) assert.deepEqual(post.topicIds, [topic.id, other.id]);
    });

    it('are found behind any number of posts that were listed in one more topic, also within one moment', async test => {
      const store = await begin(test);
      const { mentions, records, topic, other, clock } = store;
      await list(store, topic, 'blog.example/pattern');
      const pattern = (await mentions.find(topic.id, 'blog.example/pattern')) as Mention;
      const at = clock.now();
      // 250 posts of which both topics have the same, the second topic half of them a day later.
      const copies = Array.from({ length: 500 }, (_, n) => {
        const key = `blog.example/${n % 250}`;
        const listedAt = at - HOUR + (n >= 250 && n % 2 === 0 ? DAY : 0);
        return {
          ...pattern,
          id: String(n).padStart(10, '0'),
          topicId: n < 250 ? topic.id : other.id,
          key,
          listedKey: key,
          sourceUrl: `http://${key}`,
          finalUrl: `http://${key}`,
          listedAt,
          shownDoors: ['trackback' as const],
          pings: 1,
        };
      });
      await records.write('mentions', copies);
      await records.write('topics', [{ ...other, posts: 250, lastListedAt: at + DAY }]);
      const posts = await mentions.latest([topic.id, other.id], 200);
      assert.equal(posts.length, 200);
      assert.equal(posts[0]?.url, 'http://blog.example/pattern');
      assert.equal(new Set(posts.map(post => post.listedKey)).size, 200);
      for (const post of posts.slice(1)) assert.deepEqual(post.topicIds, [topic.id, other.id]);
    });
  });
}
