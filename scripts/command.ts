import { randomBytes } from 'node:crypto';
import { configOfProcess } from '../server/config.ts';
import { openStorage } from '../server/storage/open.ts';
import { type Storage, StoreError } from '../server/storage/storage.ts';

/** A command that cannot do what it was asked, said in one sentence. */
export class CommandError extends Error {}

/** Runs a command on the hub's store, beside a running hub or without one; faults end it with exit code 1. */
export async function withStore(work: (store: Storage) => Promise<void>): Promise<void> {
  await saying(async () => {
    const store = await openStorage(configOfProcess(), { now: Date.now, random: randomBytes, as: 'command' });
    try {
      await work(store);
    } finally {
      await store.close();
    }
  });
}

/** Runs a command; what it cannot do is said in one sentence and ends it with exit code 1. */
export async function saying(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // A database's codes are numbers.
    const code = String((error as NodeJS.ErrnoException).code);
    const expected =
      error instanceof CommandError || error instanceof StoreError || code.startsWith('ERR_PARSE_ARGS');
    if (!expected) throw error;
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
