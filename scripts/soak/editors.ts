import { setTimeout as pause } from 'node:timers/promises';
import { keyOf } from '../../server/mentions/source-key.ts';
import type { Storage } from '../../server/storage/storage.ts';
import type { Chance } from './chance.ts';
import type { Ledger } from './ledger.ts';
import type { SoakStore } from './store.ts';

/** One of all posts that were taken is looked at again within this time. */
const LONGEST_REST_MS = 400;

export interface EditorsNeeds {
  store: SoakStore;
  ledger: Ledger;
  chance: Chance;
}

/** Somebody at work who has posts looked at again. */
export interface Editors {
  finish: () => Promise<void>;
}

/**
 * Has posts that were taken looked at again, as `npm run mentions -- look` does beside a running hub. What the store
 * agreed to is owed from then on; where it is away, nothing was.
 */
export function startEditors({ store, ledger, chance }: EditorsNeeds): Editors {
  let over = false;
  let storage: Storage | null = null;
  const done = edit();

  async function edit(): Promise<void> {
    while (!over) {
      await pause(chance.between(0, LONGEST_REST_MS));
      const taken = [...ledger.acknowledged];
      if (taken.length === 0) continue;
      try {
        storage ??= await store.open();
        await askAgain(storage, chance.pick(taken));
      } catch {
        await storage?.close().catch(() => {});
        storage = null;
      }
    }
    await storage?.close();
  }

  async function askAgain({ topics, mentions }: Storage, id: number): Promise<void> {
    const post = ledger.posts.get(id);
    const topic = post && (await topics.bySlug(post.topic));
    if (!topic) return;
    const from = performance.now();
    if (await mentions.lookAgain(topic.id, keyOf(new URL(post.url)))) ledger.noteRelook(id, from);
  }

  return {
    finish() {
      over = true;
      return done;
    },
  };
}
