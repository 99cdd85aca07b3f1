import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../storage.ts';
import { FILE } from './open.ts';

/**
 * Copies the store of a data folder into one file while the hub runs on it (`VACUUM INTO`): a whole
 * state of one moment, without holding anyone up. Throws a `StoreError` when there is nothing to copy
 * or the file is there already.
 */
export function backUp(dataDir: string, target: string): void {
  const source = join(dataDir, FILE);
  if (!existsSync(source)) throw new StoreError(`There is no store in the data folder ${dataDir}.`);
  if (existsSync(target)) throw new StoreError(`The file ${target} is there already.`);
  const db = new DatabaseSync(source, { timeout: 5_000 });
  try {
    // Under another name until it is whole, so that what is there under its own name always is.
    const part = `${target}.part`;
    rmSync(part, { force: true });
    db.prepare('VACUUM INTO ?').run(part);
    renameSync(part, target);
  } catch (error) {
    throw new StoreError(`The backup could not be written: ${(error as Error).message}.`, { cause: error });
  } finally {
    db.close();
  }
}
