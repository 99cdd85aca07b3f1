import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Bench, Measure } from './bench/bench.ts';
import { cachedPages } from './bench/cached-pages.ts';
import { type Figure, lineOf } from './bench/figures.ts';
import { hostile } from './bench/hostile.ts';
import { latency } from './bench/latency.ts';
import { longTopic } from './bench/long-topic.ts';
import { looks } from './bench/looks.ts';
import { mongodbPings } from './bench/mongodb-pings.ts';
import { pings } from './bench/pings.ts';
import { createStage } from './bench/stage.ts';
import { start } from './bench/start.ts';

/** In this order, the quick ones first. */
const MEASURES: Readonly<Record<string, Measure>> = {
  start,
  pages: cachedPages,
  pings,
  mongodb: mongodbPings,
  hostile,
  looks,
  latency,
  'long-topic': longTopic,
};

const USAGE = `npm run bench -- [--only <name>]… [--json] [--rounds <number>] [--entries <number>]

Measures this hub against bare Node on this machine and prints each figure with its target: the median of
--rounds pairs of runs (5). With MONGODB_URI also on that server, in databases of its own. --entries is the
length of the long topic (1000000).

Names: ${Object.keys(MEASURES).join(', ')}`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    entries: { type: 'string', default: '1000000' },
    help: { type: 'boolean', default: false },
  },
});

const stage = createStage();
/** The measures that could not be run. */
const failed: string[] = [];
let ending: Promise<never> | undefined;
const names = values.only ?? Object.keys(MEASURES);
const bench: Bench = {
  stage,
  say: what => process.stderr.write(`  ${what}\n`),
  rounds: Number(values.rounds),
  entries: Number(values.entries),
  mongodbUri: process.env['MONGODB_URI'] || null,
};

process.on('SIGINT', () => end('stopped', 130));
process.on('SIGTERM', () => end('stopped', 143));

if (values.help) {
  console.log(USAGE);
} else if (names.some(name => !MEASURES[name]) || !(bench.rounds >= 1) || !(bench.entries >= 1_000)) {
  console.error(USAGE);
  process.exitCode = 1;
} else {
  try {
    await measure();
    await end('', failed.length > 0 ? 1 : 0);
  } catch (error) {
    await end(`the bench could not run: ${(error as Error).stack}`, 1);
  }
}

async function measure(): Promise<void> {
  const machine = `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  const figures: Figure[] = [];
  if (!values.json) console.log(`${machine}; median of ${bench.rounds} rounds (least to most)\n`);
  for (const name of names) {
    for (const one of await run(name)) {
      figures.push(one);
      if (!values.json) console.log(lineOf(one));
    }
  }
  if (values.json) console.log(JSON.stringify({ machine, rounds: bench.rounds, figures, failed }, null, 2));
}

/** One measure that could not be run does not keep the others from it. */
async function run(name: string): Promise<Figure[]> {
  try {
    return await (MEASURES[name] as Measure)(bench);
  } catch (error) {
    // What was told to stop fails, and nothing new is begun.
    if (ending) return ending;
    failed.push(name);
    console.error(`${name} could not be measured: ${(error as Error).message}`);
    return [];
  } finally {
    await stage.clear();
  }
}

/** Stops and deletes everything first, whatever the reason; the first reason counts. */
function end(reason: string, code: number): Promise<never> {
  ending ??= (async () => {
    if (reason) console.error(reason);
    await stage.clear();
    process.exit(code);
  })();
  return ending;
}
