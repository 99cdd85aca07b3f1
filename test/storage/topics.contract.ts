import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aClock, MINUTE } from '../support/clock.ts';
import { aPing, list, takeMany } from '../support/mentions.ts';
import type { OpenStore } from './engine.ts';

const BIRDS = { slug: 'city-birds', title: 'Birds in cities', definition: 'Swifts and pigeons.' };

/** What every engine's topics must do (server/topics/topics.ts). */
export function topicsContract(engine: string, open: OpenStore): void {
  describe(`topics on ${engine}`, () => {
    it('begins with the starter topics', async test => {
      const { topics } = await open(test, aClock());
      const slugs = (await topics.list()).map(topic => topic.slug);
      assert.deepEqual(slugs, ['bread-baking', 'night-sky', 'static-site-generators']);
    });

    it('adds a topic, which is empty, open since now and found by slug and id', async test => {
      const clock = aClock();
      const { topics } = await open(test, clock);
      const added = await topics.add(BIRDS);
      assert.ok(added !== 'taken');
      assert.equal(added.openedAt, clock.now());
      assert.equal(added.posts, 0);
      assert.equal(added.lastListedAt, null);
      assert.deepEqual(added.months, {});
      assert.deepEqual(await topics.bySlug('city-birds'), added);
      assert.deepEqual(await topics.byId(added.id), added);
    });

    it('refuses a slug that a topic has', async test => {
      const { topics } = await open(test, aClock());
      assert.equal(await topics.add({ ...BIRDS, slug: 'night-sky' }), 'taken');
      assert.equal((await topics.list()).length, 3);
    });

    it('adds a slug once, however many ask at once', async test => {
      const { topics } = await open(test, aClock());
      const answers = await Promise.all(Array.from({ length: 20 }, () => topics.add(BIRDS)));
      assert.equal(answers.filter(answer => answer !== 'taken').length, 1);
    });

    it('keeps a former slug leading to its topic, and gives it to no other', async test => {
      const { topics } = await open(test, aClock());
      const topic = await topics.bySlug('night-sky');
      assert.ok(topic);
      const renamed = await topics.change(topic.id, { slug: 'dark-sky' });
      assert.ok(renamed && renamed !== 'taken');
      assert.equal(renamed.slug, 'dark-sky');
      assert.deepEqual(renamed.formerSlugs, ['night-sky']);
      assert.equal((await topics.bySlug('night-sky'))?.id, topic.id);
      assert.equal(await topics.add({ ...BIRDS, slug: 'night-sky' }), 'taken');
    });

    it('can go back to a former slug', async test => {
      const { topics } = await open(test, aClock());
      const topic = await topics.bySlug('night-sky');
      assert.ok(topic);
      await topics.change(topic.id, { slug: 'dark-sky' });
      const back = await topics.change(topic.id, { slug: 'night-sky' });
      assert.ok(back && back !== 'taken');
      assert.deepEqual([back.slug, back.formerSlugs], ['night-sky', ['dark-sky']]);
    });

    it('raises the version, and says when, at each change that shows', async test => {
      const clock = aClock();
      const { topics } = await open(test, clock);
      const topic = await topics.bySlug('night-sky');
      assert.ok(topic);
      clock.advance(MINUTE);
      const changed = await topics.change(topic.id, { title: 'Dark sky' });
      assert.ok(changed && changed !== 'taken');
      assert.equal(changed.version, topic.version + 1);
      assert.equal(changed.changedAt, clock.now());
    });

    it("refuses to take another topic's slug, and knows no topic with a strange id", async test => {
      const { topics } = await open(test, aClock());
      const topic = await topics.bySlug('night-sky');
      assert.ok(topic);
      assert.equal(await topics.change(topic.id, { slug: 'bread-baking' }), 'taken');
      assert.equal(await topics.change('nobody', { title: 'x' }), null);
      assert.equal(await topics.byId('nobody'), null);
      assert.equal(await topics.bySlug('nobody'), null);
    });

    it('removes a topic with all its posts and slugs, however many there are, and no other', async test => {
      const { topics, mentions } = await open(test, aClock());
      const topic = await topics.bySlug('night-sky');
      const other = await topics.bySlug('bread-baking');
      assert.ok(topic && other);
      await takeMany(
        { mentions },
        topic,
        Array.from({ length: 1_200 }, (_, n) => `blog.example/${n}`),
      );
      await mentions.take(aPing(other, 'blog.example/1'));
      await topics.remove(topic.id);
      assert.equal(await topics.bySlug('night-sky'), null);
      assert.equal(await mentions.find(topic.id, 'blog.example/7'), null);
      assert.ok(await mentions.find(other.id, 'blog.example/1'));
      assert.notEqual(await topics.add({ ...BIRDS, slug: 'night-sky' }), 'taken');
    });

    it('counts posts, blogs and months as they are listed', async test => {
      const clock = aClock();
      const store = await open(test, clock);
      const topic = await store.topics.bySlug('night-sky');
      assert.ok(topic);
      await list(store, topic, 'a.example/1');
      await list(store, topic, 'a.example/2');
      clock.advance(20 * 24 * 60 * MINUTE);
      await list(store, topic, 'b.example/1');
      const now = await store.topics.byId(topic.id);
      assert.equal(now?.posts, 3);
      assert.equal(now?.blogs, 2);
      assert.deepEqual(now?.months, { '2026-07': 2, '2026-08': 1 });
      assert.equal(now?.lastListedAt, clock.now());
      assert.equal(now?.changedAt, clock.now());
    });

    it('counts up and down; the last one listed is always the newest of what is listed, of whatever month', async test => {
      const clock = aClock();
      const store = await open(test, clock);
      const topic = await store.topics.bySlug('night-sky');
      assert.ok(topic);
      const listedAt = new Map<string, number>();
      const post = async (key: string) => {
        clock.advance(MINUTE);
        listedAt.set(key, clock.now());
        await list(store, topic, key);
        assert.equal((await store.topics.byId(topic.id))?.lastListedAt, clock.now());
      };
      for (const key of ['a.example/july1', 'a.example/july2']) await post(key);
      clock.advance(20 * 24 * 60 * MINUTE);
      for (const key of ['b.example/august1', 'b.example/august2']) await post(key);

      const without: [key: string, months: Record<string, number>, blogs: number, last: string][] = [
        ['b.example/august2', { '2026-07': 2, '2026-08': 1 }, 2, 'b.example/august1'],
        ['a.example/july2', { '2026-07': 1, '2026-08': 1 }, 2, 'b.example/august1'],
        ['b.example/august1', { '2026-07': 1 }, 1, 'a.example/july1'],
      ];
      for (const [key, months, blogs, last] of without) {
        await store.mentions.remove(topic.id, key);
        const now = await store.topics.byId(topic.id);
        assert.deepEqual(
          [now?.months, now?.blogs, now?.lastListedAt],
          [months, blogs, listedAt.get(last)],
          key,
        );
      }
    });
  });
}
