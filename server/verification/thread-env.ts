import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

/**
 * The environment of a thread of ours: nothing of the process' own, because what reads strangers' pages should not know
 * our passwords, but where compiled code is kept, without which a thread starts three times slower.
 */
export function threadEnv(): Record<string, string> {
  const folder = getCompileCacheDir();
  // Node names the folder of its own version below the one that it was told.
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}
