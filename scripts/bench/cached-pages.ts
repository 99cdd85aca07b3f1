import { type Bench, inTurn, type Measure } from './bench.ts';
import { fetchOnce } from './fetch-once.ts';
import { type Figure, figure } from './figures.ts';
import { costs, type Run, rates, runLoad } from './run.ts';

const PARALLEL = 32;
const RUN_MS = 1_500;
/** More than a page or a feed shows. */
const ENTRIES = 1_000;

interface Case {
  name: string;
  path: string;
  headers: Record<string, string>;
  atLeast: number;
}

/** Finished pages and feeds, to plain node:http that sends the same bytes and headers. */
export const cachedPages: Measure = async bench => {
  const dataDir = bench.stage.folder();
  await bench.stage.script('scripts/seed.ts', ['--entries', String(ENTRIES), '--data-dir', dataDir]);
  const hub = await bench.stage.hub(dataDir);
  const page = await fetchOnce({ port: hub.port, path: '/t/night-sky' });
  const etag = page.headers[page.headers.indexOf('ETag') + 1] as string;
  const cases: Case[] = [
    { name: 'topic page', path: '/t/night-sky', headers: {}, atLeast: 0.7 },
    { name: 'topic page, brotli', path: '/t/night-sky', headers: { 'Accept-Encoding': 'br' }, atLeast: 0.7 },
    { name: 'feed', path: '/t/night-sky.rss', headers: {}, atLeast: 0.7 },
    { name: '304', path: '/t/night-sky', headers: { 'If-None-Match': etag }, atLeast: 0.85 },
  ];
  const figures: Figure[] = [];
  for (const one of cases) figures.push(...(await compare(bench, hub, one)));
  await hub.stop();
  return figures;
};

async function compare(
  bench: Bench,
  hub: { pid: number; port: number },
  { name, path, headers, atLeast }: Case,
): Promise<Figure[]> {
  const answer = await fetchOnce({ port: hub.port, path, headers });
  const raw = await bench.stage.helper<number>('raw-pages.ts', answer);
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`;
  const run = (pid: number, port: number): Promise<Run> =>
    runLoad(pid, {
      port,
      parallel: PARALLEL,
      request: () => request,
      expected: `HTTP/1.1 ${answer.status} `,
      ms: RUN_MS,
    });
  const what = `cached ${name}`;
  const pairs = await inTurn(
    bench,
    what,
    () => run(hub.pid, hub.port),
    () => run(raw.pid, raw.ready),
  );
  await raw.stop();
  return [
    figure(`${what}: requests/s to raw node:http`, 'ratio', rates(pairs), { atLeast }),
    figure(
      `${what}: requests/s`,
      '/s',
      pairs.map(([ours]) => ours.perSecond),
    ),
    ...cpuFigures(what, pairs),
  ];
}

function cpuFigures(what: string, pairs: [Run, Run][]): Figure[] {
  const ratios = costs(pairs);
  if (ratios.length === 0) return [];
  const micros = pairs.map(([ours]) => Number(ours.cpuMicros));
  return [
    figure(`${what}: CPU per request to raw`, 'ratio', ratios),
    figure(`${what}: CPU per request`, 'µs', micros),
  ];
}
