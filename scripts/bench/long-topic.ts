import { cursorAfter } from '../../server/topics/cursor.ts';
import { type Bench, inTurn, type Measure } from './bench.ts';
import { figure } from './figures.ts';
import { costs, rates, runLoad } from './run.ts';
import type { RunningHub } from './stage.ts';

const SHORT = 1_000;
const RUN_MS = 1_500;
/** Behind the newest entry, so that the page holds the newest 50, and is never taken from the cache. */
const NEWEST = `/t/night-sky?before=${cursorAfter({ listedAt: Date.parse('2100-01-01'), id: 'zzzzzzzzzz' })}`;

/** The page of the newest entries, read from the store and rendered at each request, in a long and a short topic. */
export const longTopic: Measure = async bench => {
  const long = await hubWith(bench, bench.entries);
  const short = await hubWith(bench, SHORT);
  const request = `GET ${NEWEST} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const run = ({ pid, port }: RunningHub) =>
    // One at a time, so that time is what a page takes.
    runLoad(pid, { port, parallel: 1, request: () => request, expected: 'HTTP/1.1 200 ', ms: RUN_MS });
  const what = `topic page from the store, ${bench.entries} entries to ${SHORT}`;
  const pairs = await inTurn(
    bench,
    what,
    () => run(long),
    () => run(short),
  );
  await Promise.all([long.stop(), short.stop()]);
  const cpu = costs(pairs);
  return [
    figure(
      `${what}: time`,
      'ratio',
      rates(pairs).map(rate => 1 / rate),
      { atMost: 1.2 },
    ),
    figure(
      `topic page from the store, ${bench.entries} entries: time`,
      'ms',
      pairs.map(([one]) => 1_000 / one.perSecond),
    ),
    ...(cpu.length === 0 ? [] : [figure(`${what}: CPU`, 'ratio', cpu)]),
  ];
};

async function hubWith({ stage, say }: Bench, entries: number): Promise<RunningHub> {
  const dataDir = stage.folder();
  say(`seeding ${entries} entries`);
  await stage.script('scripts/seed.ts', ['--entries', String(entries), '--data-dir', dataDir]);
  return stage.hub(dataDir);
}
