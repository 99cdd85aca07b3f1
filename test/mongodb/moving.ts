import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { sumOf } from '../../server/storage/move.ts';
import { openStorage } from '../../server/storage/open.ts';
import { COLLECTIONS } from '../../server/storage/records.ts';
import { aFolder } from '../support/folder.ts';
import { aDatabase } from '../support/mongodb.ts';
import { run } from '../support/process.ts';
import { until } from '../support/until.ts';

/** The data folder of a demo that was killed once its posts were listed. */
async function theDemosData(test: TestContext): Promise<string> {
  const folder = aFolder(test);
  const demo = run(test, process.execPath, ['scripts/demo.ts'], { env: { PORT: '0', TMPDIR: folder } });
  await until(() => demo.output().includes('Open these:'), 'the demo to fill its hub');
  process.kill(-Number(demo.child.pid), 'SIGKILL');
  await demo.ended();
  return join(folder, String(readdirSync(folder)[0]));
}

async function move(test: TestContext, from: string, to: string): Promise<void> {
  const mover = run(test, process.execPath, ['scripts/move-data.ts', '--from', from, '--to', to]);
  assert.equal(await mover.ended(), 0, mover.errors());
}

async function sumsOf(place: { mongodbUri: string | null; dataDir: string }) {
  const needs = { now: Date.now, random: randomBytes, as: 'command' as const, starters: [] };
  const { records, close } = await openStorage(place, needs);
  const sums = [];
  for (const collection of COLLECTIONS) sums.push(await sumOf(records, collection, () => {}));
  await close();
  return sums;
}

describe('npm run move-data', () => {
  it('carries all of the demo to MongoDB and back', async test => {
    const here = await theDemosData(test);
    const there = aDatabase(test);
    const back = aFolder(test);
    await move(test, here, there);
    await move(test, there, back);
    const sums = await sumsOf({ mongodbUri: null, dataDir: here });
    assert.ok(Number(sums[1]?.count) > 10, 'the demo has posts');
    assert.deepEqual(await sumsOf({ mongodbUri: there, dataDir: here }), sums);
    assert.deepEqual(await sumsOf({ mongodbUri: null, dataDir: back }), sums);
  });
});
