import { STARTER_TOPICS } from '../topics/topic.ts';
import type { MongodbOverrides, OpenNeeds, Storage } from './storage.ts';

/** The settings that say which store to use: a MongoDB, or else an SQLite file in a folder. */
export interface StoreSettings {
  mongodbUri: string | null;
  dataDir: string;
}

/**
 * Opens the store the settings name and brings its schema up to date. Throws a `StoreError` when it cannot be
 * opened. Only the engine that is used is loaded: mongoose alone costs 30 MiB. `onMongodb` is for tests.
 */
export async function openStorage(
  { mongodbUri, dataDir }: StoreSettings,
  needs: Omit<OpenNeeds, 'starters'> & Partial<Pick<OpenNeeds, 'starters'>>,
  onMongodb: MongodbOverrides = {},
): Promise<Storage> {
  const all = { starters: STARTER_TOPICS, ...needs };
  if (mongodbUri === null) {
    const { openSqlite } = await import('./sqlite/open.ts');
    return openSqlite(dataDir, all);
  }
  const { openMongodb } = await import('./mongodb/open.ts');
  return openMongodb(mongodbUri, all, onMongodb);
}
