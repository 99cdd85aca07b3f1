import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withDeadline } from '../../server/storage/deadline.ts';
import { type Storage, StoreAway } from '../../server/storage/storage.ts';
import { until } from '../support/until.ts';

/** A store of which only the list of topics is there, and what was asked of it. */
function aStore(list: () => Promise<never[]>, patienceMs = Number.POSITIVE_INFINITY) {
  let asked = 0;
  const topics = {
    list() {
      asked++;
      return list();
    },
  };
  const store = {
    topics,
    mentions: {},
    refusals: {},
    visits: {},
    patienceMs: () => patienceMs,
  } as unknown as Storage;
  return { store, asked: () => asked };
}

const never = () => new Promise<never[]>(() => {});

describe('the deadline of the store', () => {
  it('hands on what comes in time', async () => {
    const { store } = aStore(async () => []);
    assert.deepEqual(await withDeadline(store, 60_000).topics.list(), []);
  });

  it('ends a call that never does', async () => {
    await assert.rejects(withDeadline(aStore(never).store, 1).topics.list(), StoreAway);
  });

  it('says what failed, and why', async () => {
    const failing = async () => Promise.reject(new Error('disk full'));
    await assert.rejects(withDeadline(aStore(failing).store, 60_000).topics.list(), (error: Error) => {
      assert.ok(error instanceof StoreAway);
      assert.equal((error.cause as Error).message, 'disk full');
      return true;
    });
  });

  it('waits no longer for a store that is not found than others have waited for it', async () => {
    await assert.rejects(withDeadline(aStore(never, 1).store, 3_600_000).topics.list(), StoreAway);
  });

  it('asks nothing of a store that is known to be away', async () => {
    const { store, asked } = aStore(never, 0);
    await assert.rejects(withDeadline(store, 3_600_000).topics.list(), StoreAway);
    assert.equal(asked(), 0);
  });

  it('ends a call of a store that says nothing, and waits for one that is only slow', async () => {
    const { store: silent } = aStore(never);
    const nobody = { ...silent, ping: () => new Promise<void>(() => {}) };
    await assert.rejects(withDeadline(nobody, 5_000, 20).topics.list(), (error: Error) => {
      assert.ok(error instanceof StoreAway);
      assert.equal((error.cause as Error | undefined)?.message, 'it says nothing');
      return true;
    });

    let asked = 0;
    const slow = Promise.withResolvers<never[]>();
    const { store } = aStore(() => slow.promise);
    const answering = { ...store, ping: async () => void asked++ };
    const list = withDeadline(answering, 3_600_000, 20).topics.list();
    await until(() => asked === 5);
    slow.resolve([]);
    assert.deepEqual(await list, []);
  });
});
