import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createPulse } from '../../server/storage/pulse.ts';
import { StoreAway } from '../../server/storage/storage.ts';
import { until } from '../support/until.ts';

const SILENT_MS = 40;
const HERE = () => Number.POSITIVE_INFINITY;
/** Longer than any of these tests. */
const PATIENT_MS = 3_600_000;
const never = () => new Promise<never>(() => {});

/** A call that is answered when the test says so, followed, and whether it has ended. */
function follow(store: Parameters<typeof createPulse>[0]) {
  const call = Promise.withResolvers<string>();
  const pulse = createPulse(store, SILENT_MS);
  let ended = false;
  const followed = pulse(call.promise, PATIENT_MS).finally(() => {
    ended = true;
  });
  return { pulse, call, followed, ended: () => ended };
}

/** A store that is there, and how often that was asked. */
function aCount() {
  let checks = 0;
  const patienceMs = () => {
    checks++;
    return HERE();
  };
  return { patienceMs, checks: () => checks };
}

function hold(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('a call of a store', () => {
  it('ends when the store says nothing at all, and had been asked whether it is there', async () => {
    let asked = 0;
    const ping = () => {
      asked++;
      return never();
    };
    const { followed } = follow({ ping, patienceMs: HERE });
    await assert.rejects(followed, StoreAway);
    assert.equal(asked, 1);
  });

  it('does not wait as long again for one that was silent, until that is heard, were it late', async () => {
    let checks = 0;
    let isHere = false;
    const patienceMs = () => {
      checks++;
      return HERE();
    };
    const ping = () => (isHere ? Promise.resolve() : never());
    const pulse = createPulse({ ping, patienceMs }, 10 * SILENT_MS);
    const late = Promise.withResolvers<string>();
    await assert.rejects(pulse(late.promise, PATIENT_MS), StoreAway);
    const waited = checks;
    await assert.rejects(pulse(never(), PATIENT_MS), StoreAway);
    assert.ok(checks - waited < waited);

    isHere = true;
    late.resolve('that one');
    await turn();
    const slow = Promise.withResolvers<string>();
    const followed = pulse(slow.promise, PATIENT_MS);
    const before = checks;
    await until(() => checks > before + 2 * waited);
    slow.resolve('at last');
    assert.equal(await followed, 'at last');
  });

  it('waits for one that is back from a silence, however slow it is, because it is asked', async () => {
    let isHere = false;
    let asked = 0;
    const ping = () => {
      asked++;
      return isHere ? Promise.resolve() : never();
    };
    const pulse = createPulse({ ping, patienceMs: HERE }, 10 * SILENT_MS);
    await assert.rejects(pulse(never(), PATIENT_MS), StoreAway);
    isHere = true;
    const slow = Promise.withResolvers<string>();
    const followed = pulse(slow.promise, PATIENT_MS);
    await until(() => asked === 3);
    slow.resolve('at last');
    assert.equal(await followed, 'at last');
  });

  it('is followed no longer than anybody waits for it', async () => {
    const [given, other] = [aCount(), aCount()];
    void createPulse({ ping: never, patienceMs: given.patienceMs }, SILENT_MS)(never(), 1);
    const call = Promise.withResolvers<void>();
    const pulse = createPulse({ ping: async () => {}, patienceMs: other.patienceMs }, SILENT_MS);
    const followed = pulse(call.promise, PATIENT_MS);
    await until(() => other.checks() > 20);
    call.resolve();
    await followed;
    assert.equal(given.checks(), 0);
  });

  it('waits for one that is slow, but there', async () => {
    let answered = 0;
    const ping = async () => void answered++;
    const { call, followed } = follow({ ping, patienceMs: HERE });
    await until(() => answered === 5);
    call.resolve('at last');
    assert.equal(await followed, 'at last');
  });

  it('waits while others are answered, who need not ask for it', async () => {
    let checks = 0;
    const patienceMs = () => {
      checks++;
      return HERE();
    };
    const ping = () => assert.fail('others told that it is there');
    const { pulse, call, followed, ended } = follow({ ping, patienceMs });
    while (checks < 10 && !ended()) {
      await pulse(Promise.resolve('to others'), PATIENT_MS);
      await turn();
    }
    assert.equal(ended(), false);
    call.resolve('at last');
    assert.equal(await followed, 'at last');
  });

  it('waits for a server to be found, for as long as that may take', async () => {
    let checks = 0;
    const patienceMs = () => (++checks > 20 ? 0 : 1_000);
    const { followed } = follow({ ping: () => assert.fail('there is nobody to ask'), patienceMs });
    await assert.rejects(followed, StoreAway);
    assert.ok(checks > 20);
  });

  it('does not take it for silence when its own process stood still', async () => {
    const ping = async () => void (await stat('.'));
    const { call, followed, ended } = follow({ ping, patienceMs: HERE });
    for (let n = 0; n < 10; n++) {
      await turn();
      hold(2 * SILENT_MS);
    }
    await turn();
    assert.equal(ended(), false);
    call.resolve('at last');
    assert.equal(await followed, 'at last');
  });

  it('hands on what it came to', async () => {
    const { call, followed } = follow({ ping: never, patienceMs: HERE });
    call.reject(new TypeError('broken'));
    await assert.rejects(followed, TypeError);
  });
});
