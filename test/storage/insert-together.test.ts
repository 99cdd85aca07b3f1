import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mongo } from 'mongoose';
import { insertTogether } from '../../server/storage/mongodb/insert-together.ts';

const PACE = { mostMs: 10_000, nextMs: 10_000 };

interface Doc {
  name: string;
}

/** Inserts through a driver that answers each command as told, and what it was sent. */
function inserting(answer: (docs: readonly Doc[]) => void) {
  const commands: string[][] = [];
  const insert = insertTogether<Doc>(
    {
      async insertMany(docs) {
        const sent = docs as unknown as Doc[];
        commands.push(sent.map(doc => doc.name));
        answer(sent);
        return { acknowledged: true, insertedCount: docs.length, insertedIds: {} };
      },
    },
    doc => doc.name,
    PACE,
  );
  return {
    commands,
    insertAll: (names: string) => Promise.allSettled([...names].map(name => insert({ name }))),
  };
}

const result = (unconfirmed?: object) =>
  ({ getWriteConcernError: () => unconfirmed }) as unknown as mongo.BulkWriteResult;

/** What the driver says when the server took all but these. */
function refusing(docs: readonly Doc[], names: string, unconfirmed?: object): void {
  const faults = docs.flatMap(({ name }, index) =>
    names.includes(name) ? [{ index, code: 11_000, errmsg: `${name} is there`, errInfo: {}, op: {} }] : [],
  );
  const writeErrors = faults.map(err => ({ err }) as unknown as mongo.WriteError);
  if (writeErrors.length === 0) return;
  throw new mongo.MongoBulkWriteError({ message: 'E11000', code: 11_000, writeErrors }, result(unconfirmed));
}

describe('documents that are inserted at the same moment', () => {
  it('are one command', async () => {
    const { commands, insertAll } = inserting(() => {});
    assert.ok((await insertAll('abcde')).every(({ status }) => status === 'fulfilled'));
    assert.deepEqual(commands, [['a'], ['b', 'c', 'd', 'e']]);
  });

  it('go in one order, whichever they came in', async () => {
    const { commands, insertAll } = inserting(() => {});
    await insertAll('mdcab');
    assert.deepEqual(commands, [['m'], ['a', 'b', 'c', 'd']]);
  });

  it('are each told what the server has against them alone', async () => {
    const { insertAll } = inserting(docs => refusing(docs, 'ce'));
    const fates = (await insertAll('aebdc')).map(one => one.status === 'fulfilled' && one.value);
    const said = fates.map(fault => fault && { code: fault.code, message: fault.message });
    assert.deepEqual(said, [
      null,
      { code: 11_000, message: 'e is there' },
      null,
      null,
      { code: 11_000, message: 'c is there' },
    ]);
  });

  const WHOLE = [
    new mongo.MongoNetworkError('read ECONNRESET'),
    new mongo.MongoServerError({ ok: 0, errmsg: 'deadlock detected', code: 16_908_292 }),
  ];
  for (const error of WHOLE) {
    it(`are told what happened to their command, not how the driver wraps it: ${error.message}`, async () => {
      const { insertAll } = inserting(() => {
        throw new mongo.MongoBulkWriteError(error, result());
      });
      for (const fate of await insertAll('abc')) {
        const reason = fate.status === 'rejected' && fate.reason;
        assert.deepEqual([reason.name, reason.message, reason.code], [error.name, error.message, error.code]);
      }
    });
  }

  it('are not taken for written when the servers did not confirm it', async () => {
    const late = { code: 64, errmsg: 'waiting for replication timed out' };
    const unconfirmed = inserting(() => {
      throw new mongo.MongoBulkWriteError({ message: late.errmsg, code: 64 }, result(late));
    });
    assert.ok((await unconfirmed.insertAll('abc')).every(({ status }) => status === 'rejected'));
    const alsoRefused = inserting(docs => refusing(docs, 'abc', late));
    assert.ok((await alsoRefused.insertAll('abc')).every(({ status }) => status === 'rejected'));
  });
});
