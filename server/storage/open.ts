import { STARTER_TOPICS } from '../topics/topic.ts';
import { openSqlite } from './sqlite/open.ts';
import type { OpenNeeds, Storage } from './storage.ts';

/**
 * Opens the store the settings name and brings its schema up to date. `owner` is true for the hub,
 * of which there is one per data folder, and false for commands that run beside it.
 * Throws a `StoreError` when it cannot be opened.
 */
export async function openStorage(
  config: { dataDir: string },
  needs: Omit<OpenNeeds, 'starters'>,
): Promise<Storage> {
  return openSqlite(config.dataDir, { ...needs, starters: STARTER_TOPICS });
}
