import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createConnection } from 'mongoose';
import type { Overrun } from '../../server/mentions/limits.ts';
import type { MentionDoc } from '../../server/storage/mongodb/models.ts';
import { aBlog, aPost } from '../support/blog.ts';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { readAnswer } from '../support/hub.ts';
import { aDatabase } from '../support/mongodb.ts';
import { run, runHub } from '../support/process.ts';
import { until } from '../support/until.ts';

/** What two processes may differ by: one is so much ahead of the database, the other so much behind. */
const OFF = 2 * MINUTE;
const clockAhead = (ms: number) => ({
  NODE_OPTIONS: '--import=./test/support/clock-ahead.ts',
  CLOCK_AHEAD_MS: String(ms),
});

interface Receipt {
  status: string;
  doors: { at: string }[];
  steps: { at: string | null }[];
  nextLook: string | null;
}

const ping = async (address: string, url: string) => {
  const body = new URLSearchParams({ url });
  const answer = await fetch(`${address}/t/night-sky/trackback`, { method: 'POST', body });
  return String(/\/pings\/\w+/.exec(readAnswer(await answer.text()).body)?.[0]);
};

const receiptAt = async (address: string): Promise<Receipt> =>
  (await (await fetch(address, { headers: { accept: 'application/json' } })).json()) as Receipt;

describe('Z06 two processes on one MongoDB, whose clocks are minutes apart', () => {
  for (const [first, second] of [
    [-OFF, OFF],
    [OFF, -OFF],
  ] as const) {
    const name = first < 0 ? 'behind' : 'ahead';
    it(`steal no lease of the one ${name}, look once, and tell the same right times`, async test => {
      const blog = await aBlog(test);
      const env = { MONGODB_URI: aDatabase(test), FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' };
      const begun = Date.now();
      const start = (ahead: number) => runHub(test, aFolder(test), { ...env, ...clockAhead(ahead) });
      const holder = start(first);
      const holderAt = await holder.listening();
      await until(() => holder.errors().includes('\n'));
      assert.ok(
        Math.abs(Number(JSON.parse(String(holder.errors().split('\n')[0])).time) - begun - first) < MINUTE,
        'its own clock is off',
      );
      const page = aPost({ link: 'http://hub.test/t/night-sky' });
      let answerSlow = () => {};
      blog.put('/slow', (_request, response) => {
        answerSlow = () => response.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
      });
      blog.put('/quick', page);
      const asked = (path: string) => blog.requests.filter(request => request.path === path).length;

      const slow = await ping(holderAt, blog.at('/slow'));
      await until(() => asked('/slow') === 1, 'the holder to look');
      const other = start(second);
      const otherAt = await other.listening();
      // The holder may take some of them, but not all: it is not told of them at once.
      let quick = '';
      for (let n = 0; !other.errors().includes('"saw":"linked"'); n++) {
        blog.put(`/quick${n}`, page);
        quick = await ping(otherAt, blog.at(`/quick${n}`));
        await until(async () => (await receiptAt(otherAt + quick)).status === 'listed');
        assert.equal(asked(`/quick${n}`), 1);
      }
      assert.equal(asked('/slow'), 1, 'the lease is not stolen');
      answerSlow();
      await until(async () => (await receiptAt(otherAt + slow)).status === 'listed');
      assert.equal(asked('/slow'), 1);
      for (const one of [holder, other]) assert.doesNotMatch(one.errors(), /"result":"stale"/);

      const ended = Date.now();
      const connection = await createConnection(env.MONGODB_URI).asPromise();
      const stored = await connection.collection<MentionDoc>('mentions').find().toArray();
      await connection.close();
      const readAt = stored.map(doc => Number(doc.page?.at));
      for (const receipt of [slow, quick]) {
        const shown = await receiptAt(holderAt + receipt);
        assert.deepEqual(await receiptAt(otherAt + receipt), shown);
        const times = [...shown.doors, ...shown.steps].flatMap(({ at }) =>
          at === null ? [] : Date.parse(at),
        );
        assert.ok(times.length > 3);
        for (const at of [...times, ...readAt, Date.parse(String(shown.nextLook)) - HOUR]) {
          // Receipts have whole seconds.
          assert.ok(at > begun - 2 * SECOND && at < ended + 2 * SECOND, new Date(at).toISOString());
        }
      }
    });
  }

  const RATE = { most: 3, seconds: 60 };
  async function count(test: TestContext, uri: string, ahead: number, times: number) {
    const { most, seconds } = RATE;
    const args = ['test/support/count-pings.ts', uri, String(most), String(seconds), String(times)];
    const process_ = run(test, process.execPath, args, { env: clockAhead(ahead) });
    assert.equal(await process_.ended(), 0, process_.errors());
    return JSON.parse(process_.output()) as (Overrun | null)[];
  }

  for (const [first, second] of [
    [-OFF, OFF],
    [OFF, -OFF],
  ] as const) {
    it(`count together what they limit, the one ${first < 0 ? 'behind' : 'ahead'} first, and let nobody wait for longer`, async test => {
      const uri = aDatabase(test);
      assert.deepEqual(await count(test, uri, first, 3), [null, null, null]);
      for (const ahead of [second, first]) {
        const [over] = await count(test, uri, ahead, 1);
        assert.ok(over, 'it counts what the other counted');
        assert.ok(over.waitMs > 0 && over.waitMs <= RATE.seconds * SECOND, `${over.waitMs} ms`);
      }
    });
  }
});
