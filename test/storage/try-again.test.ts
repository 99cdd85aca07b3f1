import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mongo } from 'mongoose';
import { tryAgain } from '../../server/storage/mongodb/try-again.ts';

/** How often a write is tried that always fails like this. */
async function triesOf(error: Error): Promise<number> {
  let tries = 0;
  await assert.rejects(
    tryAgain(() => {
      tries++;
      return Promise.reject(error);
    }),
    error,
  );
  return tries;
}

describe('a write that fails', () => {
  it('is tried again when the server answered, for it may have lost a race', async () => {
    assert.equal(await triesOf(new mongo.MongoServerError({ message: 'deadlock detected' })), 5);
  });

  it('is not tried again when nobody is there, however the driver wraps that', async () => {
    const gone = new mongo.MongoNetworkError('read ECONNRESET');
    assert.equal(await triesOf(gone), 1);
    const bulk = new mongo.MongoBulkWriteError(gone, {} as mongo.BulkWriteResult);
    assert.equal(await triesOf(bulk), 1);
  });
});
