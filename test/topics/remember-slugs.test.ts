import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberSlugs } from '../../server/topics/remember-slugs.ts';
import type { Topic } from '../../server/topics/topic.ts';
import { aClock } from '../support/clock.ts';
import { aTopic } from '../support/samples.ts';

/** A store of topics that counts its questions. */
function aStore() {
  const topics = new Map<string, Topic>();
  const clock = aClock();
  const store = { topics, clock, questions: 0 };
  const bySlug = async (slug: string) => {
    store.questions++;
    return topics.get(slug) ?? null;
  };
  return { ...rememberSlugs({ bySlug }, clock.now), ...store, asked: () => store.questions };
}

describe('the topics a door knows', () => {
  it('are asked of the store once a second, however many pings come', async () => {
    const store = aStore();
    store.topics.set('night-sky', aTopic({ slug: 'night-sky' }));
    for (let ping = 0; ping < 5; ping++) assert.equal((await store.bySlug('night-sky'))?.slug, 'night-sky');
    assert.equal(store.asked(), 1);
    store.clock.advance(1_000);
    await store.bySlug('night-sky');
    assert.equal(store.asked(), 2);
  });

  it('an added topic is known at once, also right after it was asked for in vain', async () => {
    const store = aStore();
    assert.equal(await store.bySlug('night-sky'), null);
    store.topics.set('night-sky', aTopic({ slug: 'night-sky' }));
    assert.notEqual(await store.bySlug('night-sky'), null);
  });

  it('a removed topic is unknown a second later', async () => {
    const store = aStore();
    store.topics.set('night-sky', aTopic({ slug: 'night-sky' }));
    await store.bySlug('night-sky');
    store.topics.clear();
    store.clock.advance(1_000);
    assert.equal(await store.bySlug('night-sky'), null);
  });

  it('what was asked before the clock was set back is asked again', async () => {
    const store = aStore();
    store.topics.set('night-sky', aTopic({ slug: 'night-sky' }));
    await store.bySlug('night-sky');
    store.clock.advance(-3_600_000);
    await store.bySlug('night-sky');
    assert.equal(store.asked(), 2);
  });
});
