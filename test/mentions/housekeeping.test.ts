import assert from 'node:assert/strict';
import { it } from 'node:test';
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
  await until(() => second.logged.some(line => line['deleted'] === 1));
  assert.deepEqual(await second.storage.refusals.ofKey(`${first.blog.pair}/old`), []);
});
