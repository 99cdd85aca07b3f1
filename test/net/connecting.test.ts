import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it, type TestContext } from 'node:test';
import { createFetchPage } from '../../server/net/fetch-page.ts';
import { SECOND } from '../support/clock.ts';
import { until } from '../support/until.ts';

/** In steps of so long undici counts the time of a connection. */
const STEP_MS = SECOND / 2;

/** A server that takes connections and says nothing, once the first bytes of a look at it have come. */
async function aSilentServer(test: TestContext) {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const greeted = once(server, 'connection').then(async ([socket]) => {
    test.after(() => socket.destroy());
    await once(socket, 'data');
  });
  test.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, greeted };
}

/** Timers that only the test moves. Without `refresh`, which does nothing to a mocked one that has fired. */
function stopTime({ mock }: TestContext): (ms: number) => Promise<void> {
  mock.timers.enable({ apis: ['setTimeout'] });
  const mocked = globalThis.setTimeout;
  mock.method(globalThis, 'setTimeout', (...args: Parameters<typeof mocked>) =>
    Object.assign(mocked(...args), { refresh: undefined }),
  );
  return async ms => {
    for (let passed = 0; passed < ms; passed++) mock.timers.tick(1);
    // What a timer began goes on in the next turns.
    for (let turns = 0; turns < 20; turns++) await turn();
  };
}

// In a file of its own, since undici keeps its clock for as long as the process lives.
describe('a connection', () => {
  it('F10 is given up after 3 s, TLS and all, though the look has more time', async test => {
    const pass = stopTime(test);
    const { port, greeted } = await aSilentServer(test);
    const fetchPage = createFetchPage({ userAgent: 'topichub (test)', now: Date.now });
    let fetched: Awaited<ReturnType<typeof fetchPage>> | null = null;
    void fetchPage({
      url: `https://blog.test:${port}/post`,
      leftMs: 10 * SECOND,
      permit: async () => ['127.0.0.1'],
      forwardedFor: null,
    }).then(answer => {
      fetched = answer;
    });
    await greeted;
    await pass(3 * SECOND - 1);
    assert.equal(fetched, null);
    await pass(STEP_MS);
    test.mock.reset();
    await until(() => fetched !== null, 'the connection to be given up');
    assert.deepEqual(fetched, { kind: 'failed', trouble: 'timeout' });
  });
});
