import { inTurn, type Measure } from './bench.ts';
import { blogPage } from './blog-page.ts';
import type { BlogTask } from './blog-server.ts';
import { figure } from './figures.ts';
import { type OwedLooks, owedLooks } from './owed-looks.ts';
import type { Paced } from './paced-client.ts';

const SECONDS = 4;
const PER_SECOND = 200;
/** To learn how many looks keep the hub busy for as long as a reader reads. */
const TRIAL_LOOKS = 400;
const MORE_THAN_ENOUGH = 2.5;

/** The topic whose posts are being listed, the hardest one, since its page is rendered anew all the time; and another. */
const PAGES = [
  { path: '/t/night-sky', name: 'the topic page that changes with every look' },
  { path: '/t/bread-baking', name: 'another topic page' },
] as const;

/** What a reader sees of verification: the 99th percentile of a page while looks run flat out, to an idle hub. */
export const latency: Measure = async bench => {
  const { stage } = bench;
  const dataDir = stage.folder();
  const task: BlogTask = { page: blogPage('https://hub.example/t/night-sky'), certificate: null };
  const blog = await stage.helper<number>('blog-server.ts', task);
  const host = `127.0.0.1:${blog.ready}`;
  const hub = await stage.hub(dataDir, { FETCH_ALLOW: host, BASE_URL: 'https://hub.example' });
  const owed = await owedLooks(bench, dataDir, hub, `http://${host}`);
  const client = await stage.helper<null, Paced, number>('paced-client.ts', null);
  const looks = await enoughLooks(owed);
  const figures = [];
  for (const { path, name } of PAGES) {
    const read = () => client.ask({ port: hub.port, path, perSecond: PER_SECOND, seconds: SECONDS });
    const readMeanwhile = async () => {
      await owed.owe(looks);
      await owed.wake();
      const p99 = await read();
      if ((await owed.left()) === 0) throw new Error('the looks were over before the reader was');
      await owed.settled();
      return p99;
    };
    const pairs = await inTurn(bench, `p99 of ${name}`, readMeanwhile, read);
    const [busy, idle] = [pairs.map(pair => pair[0]), pairs.map(pair => pair[1])];
    figures.push(
      figure(
        `p99 of ${name} while looks run flat out, to idle`,
        'ratio',
        pairs.map(pair => pair[0] / pair[1]),
        { atMost: 5 },
      ),
      figure(`p99 of ${name} while looks run flat out`, 'ms', busy),
      figure(`p99 of ${name}, idle`, 'ms', idle),
    );
  }
  await Promise.all([hub.stop(), client.stop(), blog.stop()]);
  return figures;
};

async function enoughLooks(owed: OwedLooks): Promise<number> {
  let perSecond = 0;
  // Of a hub that has just started, the first trial is of its start.
  for (const _trial of [1, 2]) {
    await owed.owe(TRIAL_LOOKS);
    const begun = performance.now();
    await owed.wake();
    await owed.settled();
    perSecond = TRIAL_LOOKS / ((performance.now() - begun) / 1_000);
  }
  return Math.ceil(perSecond * SECONDS * MORE_THAN_ENOUGH);
}
