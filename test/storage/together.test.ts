import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { together } from '../../server/storage/mongodb/together.ts';
import { until } from '../support/until.ts';

describe('calls about one thing', () => {
  it('go out one after the other, and those that came meanwhile as one', async () => {
    const groups: string[][] = [];
    const call = together(
      (asked: string) => asked.charAt(0),
      async group => {
        groups.push([...group]);
        return group.length;
      },
    );
    assert.deepEqual(await Promise.all(['a1', 'a2', 'b1', 'a3'].map(call)), [1, 2, 1, 2]);
    assert.deepEqual(groups, [['a1'], ['b1'], ['a2', 'a3']]);
  });

  it('rest after one another, if they should, so that more come together', async () => {
    const groups: string[][] = [];
    const call = together(
      () => 'one',
      async (group: readonly string[]) => {
        groups.push([...group]);
      },
      { restMs: () => 20 },
    );
    await call('first');
    await Promise.all(['second', 'third'].map(call));
    assert.deepEqual(groups, [['first'], ['second', 'third']]);
  });

  it('are not held up for ever by one that never ends', async () => {
    let calls = 0;
    const call = together(
      () => 'one',
      () => (++calls === 1 ? new Promise<string>(() => {}) : Promise.resolve('answered')),
      { mostMs: 20 },
    );
    const first = assert.rejects(call('first'), /did not end/);
    let answer = '';
    void call('second').then(said => {
      answer = said;
    });
    await until(() => answer === 'answered');
    await first;
  });

  it('wait no longer than they may for one that is under way', async () => {
    const slow = Promise.withResolvers<string>();
    const groups: string[][] = [];
    const call = together(
      () => 'one',
      (group: readonly string[]) => {
        groups.push([...group]);
        return groups.length === 1 ? slow.promise : Promise.resolve('answered');
      },
      { nextMs: 20 },
    );
    const first = call('first');
    assert.deepEqual(await Promise.all(['second', 'third'].map(call)), ['answered', 'answered']);
    assert.equal(await call('fourth'), 'answered');
    assert.deepEqual(groups, [['first'], ['second', 'third'], ['fourth']]);
    slow.resolve('answered late');
    assert.equal(await first, 'answered late');
  });
});
