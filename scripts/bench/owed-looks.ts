import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { readSource, type Source } from '../../server/mentions/source-key.ts';
import { openStorage } from '../../server/storage/open.ts';
import type { Bench } from './bench.ts';
import { fetchOnce } from './fetch-once.ts';
import { PING_PATH } from './pinging.ts';
import type { RunningHub } from './stage.ts';

const LONGEST_MS = 120_000;
const ASK_AGAIN_MS = 5;

/** Looks that a running hub owes, put into its store behind its back. */
export interface OwedLooks {
  /** Owes looks at so many posts never seen before; the hub does not know yet. */
  owe: (looks: number) => Promise<void>;
  /** Tells the hub, by pinging one post more. */
  wake: () => Promise<void>;
  left: () => Promise<number>;
  /** Waits until every look is settled. Rejects when that takes too long, or when a post was not listed. */
  settled: () => Promise<void>;
}

/**
 * Opens the store of a hub on SQLite beside it. So a measured hub has looks to do and no pings to take, as
 * after a storm of pings. `origin` is the blog where the posts lie, such as `https://127.0.0.1:8443`.
 */
export async function owedLooks(
  { stage }: Pick<Bench, 'stage'>,
  dataDir: string,
  hub: RunningHub,
  origin: string,
): Promise<OwedLooks> {
  const store = await openStorage(
    { mongodbUri: null, dataDir },
    { now: Date.now, random: randomBytes, as: 'command' },
  );
  stage.atEnd(() => store.close());
  const topic = await store.topics.bySlug('night-sky');
  if (!topic) throw new Error('the store has no topic night-sky');
  const rules = { ownKeys: [], allow: new Set([new URL(origin).host]) };
  let posts = 0;
  const left = () => store.mentions.countDue();

  return {
    async owe(looks) {
      const takes = Array.from({ length: looks }, () => {
        const { url, key, site } = readSource(`${origin}/post-${posts++}`, rules) as Source;
        const claim = { title: 'Orion from a balcony', excerpt: 'Seven stars', blogName: 'Starlight' };
        const said = `url: ${url}`;
        return store.mentions.take({
          topicId: topic.id,
          key,
          sourceUrl: url,
          site,
          domain: '',
          via: 'trackback',
          claim,
          said,
        });
      });
      await Promise.all(takes);
    },
    async wake() {
      const body = new URLSearchParams({ url: `${origin}/post-${posts++}` }).toString();
      const { body: answer } = await fetchOnce({ port: hub.port, path: PING_PATH, body });
      if (!Buffer.from(answer).includes('<error>0')) throw new Error(`the ping was refused: ${answer}`);
    },
    left,
    async settled() {
      const end = performance.now() + LONGEST_MS;
      while ((await left()) > 0) {
        if (performance.now() > end) throw new Error('the hub does not settle its looks');
        await pause(ASK_AGAIN_MS);
      }
      const listed = (await store.topics.byId(topic.id))?.posts;
      if (listed !== posts) throw new Error(`of ${posts} posts ${listed} were listed`);
    },
  };
}
