import assert from 'node:assert/strict';
import { it } from 'node:test';
import pino from 'pino';
import { createHousekeeping } from '../../server/mentions/housekeeping.ts';
import { DAY } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { aHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

it('refusals of more than 90 days ago are deleted at the start, younger ones are kept', async test => {
  const dataDir = aFolder(test);
  const first = await aHub(test, { dataDir });
  await first.ping('nobody', { url: first.blog.at('/old') });
  await first.stop();
  const second = await aHub(test, { dataDir, world: { now: () => first.clock.now() + 91 * DAY } });
  await until(() => second.logged.some(line => line['msg'] === 'old refusals deleted'));
  assert.deepEqual(await second.storage.refusals.ofKey(`${first.blog.pair}/old`), []);
});

it('the log does not call deleted what was only emptied of its history', async () => {
  const logged: Record<string, unknown>[] = [];
  const housekeeping = createHousekeeping({
    refusals: { purge: async () => 0 },
    mentions: { purge: async () => 3 },
    log: pino({}, { write: line => logged.push(JSON.parse(line)) }),
  });
  housekeeping.start();
  housekeeping.stop();
  await until(() => logged.length > 0);
  assert.deepEqual(
    logged.map(line => [line['msg'], line['count']]),
    [['old records deleted, or emptied of their histories', 3]],
  );
});
