import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GREEDY_ANSWERS } from '../support/greedy-answers.ts';
import { run } from '../support/process.ts';

const MOST_MIB = 32;

describe('the memory of one look', {
  skip: process.platform !== 'linux' && 'its peak is told by Linux alone',
}, () => {
  for (const name of Object.keys(GREEDY_ANSWERS)) {
    it(`grows by ${MOST_MIB} MiB at most, as the first of its thread, at ${name}`, async test => {
      const looks = run(test, process.execPath, ['test/support/look-memory.ts', name]);
      assert.equal(await looks.ended(), 0, looks.errors());
      const { kind, grownMib } = JSON.parse(looks.output());
      assert.equal(kind, 'page');
      assert.ok(grownMib <= MOST_MIB, `${grownMib} MiB`);
    });
  }
});
