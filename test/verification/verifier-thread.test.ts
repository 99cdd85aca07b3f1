import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import { StoreAway } from '../../server/storage/storage.ts';
import { serveVerifier } from '../../server/verification/serve-verifier.ts';
import type { ToVerifier } from '../../server/verification/verifier-messages.ts';
import { createVerifierThread } from '../../server/verification/verifier-thread.ts';
import { until } from '../support/until.ts';

/** A hub's side of the talk, with a thread that only says what it was told; `dueIn`: what the store answers, in turn. */
function aVerifier(test: TestContext, dueIn: (number | null | Error)[]) {
  const told: Record<string, unknown>[] = [];
  const asked: unknown[] = [];
  const verifier = createVerifierThread({
    entry: new URL('../support/telling-verifier.ts', import.meta.url),
    workerData: null,
    mentions: {
      async nextDueIn() {
        const answer = dueIn[Math.min(asked.push('now'), dueIn.length) - 1];
        if (answer instanceof Error) throw answer;
        return answer ?? null;
      },
    },
    longestNapMs: 5,
    settled: (_saw, changed) => told.push(JSON.parse(String(changed))),
  });
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= verifier.close();
    return closed;
  };
  test.after(close);
  return { ...verifier, close, told, asked, kinds: () => told.map(one => one['kind']) };
}

const untilTold = (verifier: ReturnType<typeof aVerifier>, kinds: string[]) =>
  until(() => verifier.kinds().join() === kinds.join(), `the thread to be told ${kinds}`);

describe('the thread itself', () => {
  for (const [error, away] of [
    [new StoreAway('no answer'), true],
    [new Error('no answer'), false],
  ] as const) {
    it(`tells of a preview that failed with a ${error.name}, and goes on`, async test => {
      const { port1, port2 } = new MessageChannel();
      test.after(() => port1.close());
      const nothing = { start() {}, wake() {}, stop: async () => {} };
      serveVerifier(
        port2,
        () => ({ worker: nothing, owed() {}, tryLook: () => Promise.reject(error), close: async () => {} }),
        async () => {},
      );
      for (const question of [1, 2]) {
        const ask: ToVerifier = { kind: 'try', question, url: '', topic: {} as never, sender: null };
        port1.postMessage(ask);
        const [answer] = await once(port1, 'message');
        assert.deepEqual(answer, { kind: 'not-tried', question, why: 'no answer', away });
      }
    });
  }
});

describe('the thread that looks', () => {
  it('is not there before anything is due', async test => {
    const verifier = aVerifier(test, [null]);
    verifier.worker.start();
    await until(() => verifier.asked.length === 1);
    await verifier.worker.stop();
    await verifier.close();
    assert.deepEqual(verifier.told, []);
  });

  it('is started when something is due', async test => {
    const verifier = aVerifier(test, [5, 5, 0]);
    verifier.worker.start();
    await untilTold(verifier, ['start']);
    assert.equal(verifier.asked.length, 3);
  });

  it('is started when nobody can say what is due', async test => {
    const verifier = aVerifier(test, [new StoreAway('away')]);
    verifier.worker.start();
    await untilTold(verifier, ['start']);
  });

  it('is asked for again, because a command may have had a look done', async test => {
    const verifier = aVerifier(test, [null, null, 60_000, 0]);
    verifier.worker.start();
    await untilTold(verifier, ['start']);
    assert.equal(verifier.asked.length, 4);
  });

  it('is told once of pings that come together', async test => {
    const verifier = aVerifier(test, [null]);
    verifier.worker.start();
    for (const key of ['one', 'two', 'three']) verifier.owed(key, null);
    await untilTold(verifier, ['start']);
    for (const key of ['four', 'five', 'six']) verifier.owed(key, null);
    await untilTold(verifier, ['start', 'wake']);
  });

  it('claims nothing more once it was stopped', async test => {
    const verifier = aVerifier(test, [0]);
    verifier.worker.start();
    await untilTold(verifier, ['start']);
    verifier.owed('before', null);
    await verifier.worker.stop();
    verifier.owed('late', null);
    verifier.worker.wake();
    await verifier.close();
    assert.deepEqual(verifier.kinds(), ['start', 'stop', 'close']);
  });

  it('says of a preview that fails whether the store is away', async test => {
    const { tryLook } = aVerifier(test, [null]);
    const fails = { url: 'http://blog.example/fails' };
    await assert.rejects(tryLook(fails, {} as never, '192.0.2.1'), StoreAway);
    await assert.rejects(tryLook(fails, {} as never, null), error => !(error instanceof StoreAway));
  });

  it('leaves nobody waiting for a preview when the hub stops', async test => {
    const verifier = aVerifier(test, [null]);
    const looked = verifier.tryLook({ url: 'http://blog.example/1' }, {} as never, null);
    await untilTold(verifier, ['try']);
    await Promise.all([assert.rejects(looked, StoreAway), verifier.close()]);
    const late = verifier.tryLook({ url: 'http://blog.example/1' }, {} as never, null);
    await assert.rejects(late, StoreAway);
  });
});
