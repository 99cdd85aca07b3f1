import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readMongodbUri } from '../server/settings.ts';
import { move } from '../server/storage/move.ts';
import { openStorage } from '../server/storage/open.ts';
import type { Storage } from '../server/storage/storage.ts';
import { CommandError, saying } from './command.ts';
import { progressBar } from './progress.ts';

const USAGE = `npm run move-data -- --from <uri or dir> --to <uri or dir>

Stop every hub on both first. It can be broken off and run again.`;

await saying(async () => {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' } } });
  const { from, to } = values;
  if (!from || !to || from === to) throw new CommandError(USAGE);
  const source = await open(from);
  try {
    const target = await open(to);
    try {
      await move(source.records, target.records, withoutPassword(from), (step, collection, done, of) =>
        progressBar(`${step} ${collection}`, done, of),
      );
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  console.log(`Everything is in ${withoutPassword(to)} now, and was compared. Start the hub on it.`);
});

/** A URI, or else a folder; as its owner, so that no hub works on a folder meanwhile. */
async function open(place: string): Promise<Storage> {
  const mongodbUri = readMongodbUri(place) ?? null;
  return openStorage(
    { mongodbUri, dataDir: place },
    { now: Date.now, random: randomBytes, as: 'owner', starters: [], evenMoving: true },
  );
}

function withoutPassword(place: string): string {
  return place.replace(/\/\/[^@/]*@/, '//');
}
