import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A short name for what this process would render: a hash over the program, its views and assets,
 * and the settings that show. It is part of every ETag, so that an update of the hub, or of its
 * name, reaches every cache that asks with a tag at once.
 */
export function buildName(folders: readonly URL[], settings: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(one => one.isFile());
    const paths = files.map(one => join(one.parentPath, one.name)).sort();
    for (const path of paths) hash.update(path.slice(folder.pathname.length)).update(readFileSync(path));
  }
  return hash.digest('base64url').slice(0, 10);
}
