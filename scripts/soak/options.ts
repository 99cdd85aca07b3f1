import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { readMongodbUri } from '../../server/settings.ts';
import { CommandError } from '../command.ts';

const USAGE = `npm run soak -- --minutes <n> | --loops <n>
  --seed <n>                 the same faults at the same moments as in an earlier run
  --senders <n>              how many blogs ping at once (50)
  --database-tool "<program>"  on MongoDB: a program that understands kill, stop, freeze, thaw and up. In every
                             second loop the database is killed; in a run by time also stopped or frozen
  --keep                     keep the folder with the processes' logs
  --json                     print the report as JSON

Without MONGODB_URI in the environment it runs on SQLite, in a folder of its own.`;

const MOST = { minutes: 24 * 60, loops: 10_000, senders: 500, seed: 2 ** 32 - 1 };

/** What one run of the fault test is to do. Exactly one of `minutes` and `loops` is set. */
export interface SoakOptions {
  minutes: number | null;
  loops: number | null;
  seed: number;
  senders: number;
  databaseTool: string | null;
  mongodbUri: string | null;
  keep: boolean;
  json: boolean;
}

/**
 * Reads the command line. Of the environment only MONGODB_URI counts, and no `.env` file, so that nobody's
 * own database is taken by accident. Throws a `CommandError` with the usage.
 */
export function readOptions(args: string[], env: Readonly<Record<string, string | undefined>>): SoakOptions {
  const values = parse(args);
  const minutes = readNumber(values.minutes, MOST.minutes);
  const loops = readNumber(values.loops, MOST.loops);
  if ((minutes === null) === (loops === null)) throw new CommandError(USAGE);
  const uri = env['MONGODB_URI']?.trim();
  const mongodbUri = uri ? readMongodbUri(uri) : null;
  if (mongodbUri === undefined) throw new CommandError('MONGODB_URI is not a MongoDB address.');
  const databaseTool = values['database-tool'] ?? null;
  if (databaseTool && !mongodbUri) throw new CommandError('A --database-tool needs a MONGODB_URI.');
  return {
    minutes,
    loops,
    seed: readNumber(values.seed, MOST.seed) ?? randomInt(1, MOST.seed),
    senders: readNumber(values.senders, MOST.senders) ?? 50,
    databaseTool,
    mongodbUri,
    keep: values.keep ?? false,
    json: values.json ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        minutes: { type: 'string' },
        loops: { type: 'string' },
        seed: { type: 'string' },
        senders: { type: 'string' },
        'database-tool': { type: 'string' },
        keep: { type: 'boolean' },
        json: { type: 'boolean' },
      },
    }).values;
  } catch {
    throw new CommandError(USAGE);
  }
}

function readNumber(text: string | undefined, most: number): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1 || number > most) throw new CommandError(USAGE);
  return number;
}
