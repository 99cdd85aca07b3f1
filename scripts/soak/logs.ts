import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The settle of a worker whose lease had ended. */
const FENCED = '"result":"stale"';

/** How many settles were fenced, over the logs of all processes in a run's folder. */
export async function countFenced(folder: string): Promise<number> {
  let count = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.log')) continue;
    for await (const line of createInterface({ input: createReadStream(join(folder, name)) })) {
      if (line.includes(FENCED)) count++;
    }
  }
  return count;
}
