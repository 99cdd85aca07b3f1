import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../server/config.ts';
import { everythingIn } from './mongodb.ts';

/** All that a hub has stored, on either engine, as text. */
export async function everythingStored({ mongodbUri, dataDir }: Config): Promise<string> {
  if (mongodbUri !== null) return everythingIn(mongodbUri);
  return readdirSync(dataDir)
    .map(name => readFileSync(join(dataDir, name), 'latin1'))
    .join('\n');
}
