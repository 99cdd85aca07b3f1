import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type Bench, inTurn, type Measure } from './bench.ts';
import { fetchOnce } from './fetch-once.ts';
import { figure } from './figures.ts';
import { load } from './load.ts';
import { PING_PATH, pingBody, pingRequests, silentBlog, TAKEN } from './pinging.ts';
import type { RawPings } from './raw-pings.ts';
import { costs, rates, runLoad } from './run.ts';

const PARALLEL = 32;
/** As many for both, so that both stores grow alike. */
const PINGS_PER_RUN = 8_000;
const MOST_MS = 30_000;

/** Pings taken and on disk, to plain node:http with the same rows in commits of 32. */
export const pings: Measure = async bench => {
  const blog = await silentBlog();
  const dataDir = bench.stage.folder();
  const hub = await bench.stage.hub(dataDir, { FETCH_ALLOW: blog.host });
  const raw = await rawBeside(bench, dataDir, hub.port, blog.host);
  const run = (pid: number, port: number, request: () => string) =>
    runLoad(pid, { port, parallel: PARALLEL, request, expected: TAKEN, count: PINGS_PER_RUN, ms: MOST_MS });
  const ours = pingRequests(blog.host);
  const theirs = pingRequests(blog.host);
  const pairs = await inTurn(
    bench,
    'pings',
    () => run(hub.pid, hub.port, ours),
    () => run(raw.pid, raw.ready, theirs),
  );
  const stopping = hub.stop();
  blog.close();
  await Promise.all([stopping, raw.stop()]);
  const cpu = costs(pairs);
  const micros = (which: 0 | 1) => pairs.map(pair => Number(pair[which].cpuMicros));
  return [
    ...(cpu.length === 0
      ? []
      : [
          figure('ping on disk: CPU to raw node:http and rows in commits of 32', 'ratio', cpu, {
            atMost: 2.5,
          }),
          figure('ping on disk: CPU', 'µs', micros(0)),
          figure('ping on disk: CPU of the raw one', 'µs', micros(1)),
        ]),
    figure(
      'pings on disk (idle machine)',
      '/s',
      pairs.map(([ours]) => ours.perSecond),
      { atLeast: 2_800 },
    ),
    figure(
      'pings on disk: the raw one',
      '/s',
      pairs.map(([, raw]) => raw.perSecond),
    ),
    figure('pings on disk: to the raw one', 'ratio', rates(pairs)),
  ];
};

/** The raw server, on a store made like the hub's, with a row and an answer taken from the hub itself. */
async function rawBeside({ stage }: Bench, dataDir: string, port: number, host: string) {
  const request = pingRequests(host, 1_000_000);
  // More than the hub looks at at once, so that some rows are as they were written.
  await load({ port, parallel: 32, request, expected: TAKEN, count: 100, ms: MOST_MS });
  const answer = await fetchOnce({ port, path: PING_PATH, body: `${pingBody(host)}1` });
  const own = stage.folder();
  const copy = await stage.hub(own);
  await copy.stop();
  const row = untouchedRow(dataDir);
  const task: RawPings = { dataDir: own, row, answer };
  return stage.helper<number>('raw-pings.ts', task);
}

function untouchedRow(dataDir: string): Record<string, SQLInputValue> {
  const db = new DatabaseSync(join(dataDir, 'topichub.sqlite'), { readOnly: true });
  const row = db.prepare('SELECT * FROM mentions WHERE attempts = 0 LIMIT 1').get();
  db.close();
  if (!row) throw new Error('the hub has looked at every post');
  // Its number goes, the raw server gives its own.
  const without = (column: string) => String(row[column]).replace(/\d+$/, '');
  return { ...row, key: without('key'), source_url: without('source_url') };
}
