import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { configOfProcess } from '../server/config.ts';
import { openStorage } from '../server/storage/open.ts';
import { CommandError, saying } from './command.ts';
import { progressBar } from './progress.ts';
import { fillTopic } from './seed/fill.ts';

const USAGE = `node scripts/seed.ts --entries <number> [--topic <slug>] [--data-dir <folder>]

Fills an empty topic (night-sky) with made-up listed posts, in the store of MONGODB_URI or DATA_DIR, or in the
folder named. For stores that are measured; stop the hub on it first.`;

const { values } = parseArgs({
  options: { entries: { type: 'string' }, topic: { type: 'string' }, 'data-dir': { type: 'string' } },
});

await saying(async () => {
  const entries = Number(values.entries);
  if (!Number.isSafeInteger(entries) || entries < 1) throw new CommandError(USAGE);
  const dataDir = values['data-dir'];
  const settings = dataDir === undefined ? configOfProcess() : { mongodbUri: null, dataDir };
  const store = await openStorage(settings, { now: Date.now, random: randomBytes, as: 'owner' });
  const slug = values.topic ?? 'night-sky';
  try {
    await fillTopic(store, slug, entries, done => progressBar(`seeding ${slug}`, done, entries));
  } catch (error) {
    throw new CommandError((error as Error).message);
  } finally {
    await store.close();
  }
});
