import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { move, sumOf } from '../../server/storage/move.ts';
import { COLLECTIONS } from '../../server/storage/records.ts';
import type { Storage } from '../../server/storage/storage.ts';
import type { Topic } from '../../server/topics/topic.ts';
import { aClock, MINUTE } from '../support/clock.ts';
import { aPing, linkedAt, list, settle } from '../support/mentions.ts';
import type { OpenStore } from './engine.ts';

/** A store with everything in it that there can be. */
async function fill({ topics, mentions, refusals }: Storage): Promise<void> {
  const topic = (await topics.bySlug('night-sky')) as Topic;
  await topics.change(topic.id, { slug: 'dark-sky', title: 'Dark sky' });
  for (let n = 0; n < 12; n++) await list({ mentions }, topic, `blog${n % 5}.example/${n}`);
  await settle({ mentions }, topic, 'short.example/x', linkedAt('blog1.example/1'));
  await mentions.remove(topic.id, 'blog2.example/2');
  await mentions.take(aPing(topic, 'waiting.example/1', { via: 'webmention' }));
  await mentions.take(aPing(topic, 'claimed.example/1'));
  await mentions.claimDue({ forMs: MINUTE, limit: 1 });
  await refusals.note({ key: 'blog.example/1', topicId: null, reason: 'unknown-topic' });
  await refusals.note({ key: 'blog.example/1', topicId: topic.id, reason: 'removed' });
}

const sums = async ({ records }: Storage) =>
  Promise.all(COLLECTIONS.map(collection => sumOf(records, collection, () => {})));

/** What every engine's records must do (server/storage/records.ts), towards this one and back. */
export function recordsContract(engine: string, openFrom: OpenStore, openTo: OpenStore): void {
  describe(`moving everything ${engine}`, () => {
    it('leaves nothing behind and changes nothing', async test => {
      const clock = aClock();
      const source = await openFrom(test, clock, {});
      await fill(source);
      const target = await openTo(test, clock, { starters: [], evenMoving: true });
      const told: string[] = [];
      await move(source.records, target.records, 'there', (step, collection) =>
        told.push(`${step} ${collection}`),
      );
      assert.deepEqual(await sums(target), await sums(source));
      assert.deepEqual(new Set(told).size, 6);
      assert.deepEqual(await target.topics.list(), await source.topics.list());
      const topic = (await target.topics.bySlug('night-sky')) as Topic;
      assert.deepEqual(
        await target.mentions.listed(topic.id, 100),
        await source.mentions.listed(topic.id, 100),
      );
    });

    it('goes on there as if nothing had been', async test => {
      const clock = aClock();
      const source = await openFrom(test, clock, {});
      await fill(source);
      const target = await openTo(test, clock, { starters: [], evenMoving: true });
      await move(source.records, target.records, 'there', () => {});
      const topic = (await target.topics.bySlug('dark-sky')) as Topic;
      const due = await target.mentions.claimDue({ forMs: MINUTE, limit: 10 });
      assert.deepEqual(due.map(claim => claim.key).sort(), ['claimed.example/1', 'waiting.example/1']);
      assert.equal(await target.mentions.take(aPing(topic, 'blog2.example/2')), 'removed');
      await list(target, topic, 'new.example/1');
      const after = (await target.topics.byId(topic.id)) as Topic;
      assert.deepEqual([after.posts, after.blogs], [topic.posts + 1, topic.blogs + 1]);
    });

    it('refuses a target that holds something, and touches nothing of it', async test => {
      const clock = aClock();
      const source = await openFrom(test, clock, {});
      const target = await openTo(test, clock, { evenMoving: true });
      const before = await sums(target);
      await assert.rejects(
        move(source.records, target.records, 'there', () => {}),
        /not empty/,
      );
      assert.deepEqual(await sums(target), before);
    });

    it('can be broken off, and is whole when it was run again; until then it says that it is not', async test => {
      const clock = aClock();
      const source = await openFrom(test, clock, {});
      await fill(source);
      const target = await openTo(test, clock, { starters: [], evenMoving: true });
      const broken = {
        ...source.records,
        read: async (...asked: Parameters<typeof source.records.read>) => {
          if (asked[0] === 'refusals') throw new Error('broken off');
          return source.records.read(...asked);
        },
      } as typeof source.records;
      await assert.rejects(
        move(broken, target.records, 'there', () => {}),
        /broken off/,
      );
      assert.equal(await target.records.moving(), 'there');
      await assert.rejects(
        move(source.records, target.records, 'elsewhere', () => {}),
        /A move from there/,
      );
      await move(source.records, target.records, 'there', () => {});
      assert.equal(await target.records.moving(), null);
      assert.deepEqual(await sums(target), await sums(source));
    });

    it('says so when both are not the same afterwards', async test => {
      const clock = aClock();
      const source = await openFrom(test, clock, {});
      await fill(source);
      const target = await openTo(test, clock, { starters: [], evenMoving: true });
      const forgetful = {
        ...target.records,
        write: async (...asked: Parameters<typeof target.records.write>) =>
          target.records.write(asked[0], asked[1].slice(1)),
      } as typeof target.records;
      await assert.rejects(
        move(source.records, forgetful, 'there', () => {}),
        /not the same afterwards/,
      );
    });
  });
}
