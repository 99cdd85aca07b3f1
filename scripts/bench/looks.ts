import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, inTurn, type Measure } from './bench.ts';
import { blogPage } from './blog-page.ts';
import type { BlogTask } from './blog-server.ts';
import { type Certificate, loopbackCertificate } from './certificate.ts';
import { type Figure, figure, type Target } from './figures.ts';
import { type OwedLooks, owedLooks } from './owed-looks.ts';
import { cpuMsOf } from './processes.ts';
import type { RawFetches } from './raw-fetches.ts';
import { costs, type Run, rates } from './run.ts';

const PAGES_PER_RUN = 600;
/** Enough that undici never waits for the blog; more of them make it no faster. */
const PARALLEL = 16;

/** Posts looked at and settled, to undici alone that fetches the same pages, a new connection for each. */
export const looks: Measure = async bench => [
  ...(await compare(bench, 'TLS', loopbackCertificate(Date.now()), { atLeast: 0.5 })),
  ...(await compare(bench, 'plain HTTP', null, null)),
];

async function compare(
  bench: Bench,
  over: string,
  certificate: Certificate | null,
  target: Target | null,
): Promise<Figure[]> {
  const { stage } = bench;
  const dataDir = stage.folder();
  const env: Record<string, string> = {};
  if (certificate) {
    env['NODE_EXTRA_CA_CERTS'] = join(dataDir, 'bench.pem');
    writeFileSync(env['NODE_EXTRA_CA_CERTS'], certificate.cert);
  }
  const task: BlogTask = { page: blogPage('https://hub.example/t/night-sky'), certificate };
  const blog = await stage.helper<number>('blog-server.ts', task);
  const host = `127.0.0.1:${blog.ready}`;
  const origin = `${certificate ? 'https' : 'http'}://${host}`;
  const hub = await stage.hub(dataDir, { ...env, FETCH_ALLOW: host, BASE_URL: 'https://hub.example' });
  const owed = await owedLooks(bench, dataDir, hub, origin);
  const raw = await stage.helper<null, RawFetches, { perSecond: number }>('raw-fetches.ts', null, env);
  const fetches: RawFetches = { origin, pages: PAGES_PER_RUN, parallel: PARALLEL };

  const what = `looks over ${over}`;
  const pairs = await inTurn(
    bench,
    what,
    () => counting(hub.pid, () => lookAtAll(owed)),
    () => counting(raw.pid, async () => (await raw.ask(fetches)).perSecond),
  );
  await Promise.all([hub.stop(), raw.stop(), blog.stop()]);
  const cpu = costs(pairs);
  const perSecond = (which: 0 | 1) => pairs.map(pair => pair[which].perSecond);
  return [
    figure(`${what}: settled to undici alone`, 'ratio', rates(pairs), target),
    figure(`${what}: settled`, '/s', perSecond(0)),
    figure(`${what}: undici alone`, '/s', perSecond(1)),
    ...(cpu.length === 0 ? [] : [figure(`${what}: CPU per page to undici alone`, 'ratio', cpu)]),
  ];
}

async function lookAtAll(owed: OwedLooks): Promise<number> {
  await owed.owe(PAGES_PER_RUN - 1);
  const begun = performance.now();
  await owed.wake();
  await owed.settled();
  return PAGES_PER_RUN / ((performance.now() - begun) / 1_000);
}

async function counting(pid: number, work: () => Promise<number>): Promise<Run> {
  const before = cpuMsOf(pid);
  const perSecond = await work();
  const after = cpuMsOf(pid);
  const cpuMicros = before === null || after === null ? null : ((after - before) * 1_000) / PAGES_PER_RUN;
  return { perSecond, cpuMicros };
}
