import { Client } from 'undici';
import { serveBench } from './helper.ts';

/** How many pages to fetch from which server (`https://127.0.0.1:443`), and how many at once. */
export interface RawFetches {
  origin: string;
  pages: number;
  parallel: number;
}

/** undici alone: fetches and reads whole pages, a new connection and no session of an older one for each. */
serveBench<null, null, RawFetches, { perSecond: number }>(async () => ({
  ready: null,
  async answer({ origin, pages, parallel }) {
    let left = pages;
    const begun = performance.now();
    const lanes = Array.from({ length: parallel }, async () => {
      while (left-- > 0) await fetchPage(origin, `/raw/${left}`);
    });
    await Promise.all(lanes);
    return { perSecond: pages / ((performance.now() - begun) / 1_000) };
  },
}));

async function fetchPage(origin: string, path: string): Promise<void> {
  const client = new Client(origin, { pipelining: 0, connect: { maxCachedSessions: 0 } });
  const { statusCode, body } = await client.request({ method: 'GET', path });
  await body.arrayBuffer();
  if (statusCode !== 200) throw new Error(`the blog answered ${statusCode}`);
  void client.destroy();
}
