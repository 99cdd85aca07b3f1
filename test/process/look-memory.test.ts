import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { run } from '../support/process.ts';

const MOST_MIB = 32;

describe('the memory of one look', {
  skip: process.platform !== 'linux' && 'its peak is told by Linux alone',
}, () => {
  it(`F13 F14 F19 H01 H06 H12 grows by ${MOST_MIB} MiB at most, whatever is answered, once its thread has its charset detector`, async test => {
    const looks = run(test, process.execPath, ['test/support/look-memory.ts']);
    assert.equal(await looks.ended(), 0, looks.errors());
    const told = looks
      .output()
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    assert.ok(told.length >= 8);
    for (const { name, kind, grownMib } of told) {
      assert.equal(kind, 'page', name);
      assert.ok(grownMib <= MOST_MIB, `${name}: ${grownMib} MiB`);
    }
  });
});
