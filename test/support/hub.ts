import type { TestContext } from 'node:test';
import pino from 'pino';
import type { Config } from '../../server/config.ts';
import { readConfig } from '../../server/config.ts';
import { type Serving, serve, type World } from '../../server/serve.ts';
import { aBlog, type Blog } from './blog.ts';
import { aClock, type Clock } from './clock.ts';
import { aFolder } from './folder.ts';
import { aDatabase, SERVER } from './mongodb.ts';

/** The real hub on a port of the kernel's, with one blog it may fetch from, and a clock that the test moves. */
export interface TestHub extends Serving {
  config: Config;
  clock: Clock;
  blog: Blog;
  /** What the hub wrote to its log. */
  logged: Record<string, unknown>[];
  /** Lets the hub fetch from one more blog. */
  allow: (blog: Blog) => void;
  /** Sends a TrackBack ping as a form in UTF-8. */
  ping: (topic: string, fields: Record<string, string>) => Promise<Answer>;
  get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  text: (path: string) => Promise<string>;
  /** Moves the clock and tells the worker, as its own timer would. */
  later: (ms: number) => void;
}

/** A TrackBack answer, read as senders read it. */
export interface Answer {
  error: string | undefined;
  message: string | undefined;
  body: string;
}

/** Starts a hub for the length of a test; without limits at its doors, unless the test sets them. */
export async function aHub(
  test: Pick<TestContext, 'after'>,
  over: { config?: Partial<Config>; world?: World; dataDir?: string } = {},
): Promise<TestHub> {
  const clock = aClock();
  const blog = await aBlog(test);
  const pairs = new Set([blog.pair]);
  const logged: TestHub['logged'] = [];
  const log = pino({ level: 'debug' }, { write: line => logged.push(JSON.parse(line)) });
  const config = {
    ...readConfig({ PORT: '0', DATA_DIR: over.dataDir ?? aFolder(test), RATE_LIMITS: 'off' }),
    fetchAllow: pairs,
    mongodbUri: SERVER ? aDatabase(test) : null,
    ...over.config,
  };
  const serving = await serve(config, log, {
    now: clock.now,
    // Looks come when the table says, and not a little earlier.
    chance: () => 0,
    // A slow machine is not a database that is away.
    onMongodb: { askTime: async () => clock.now(), countMs: 10_000 },
    ...over.world,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= serving.stop();
    return stopped;
  };
  test.after(stop);
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(serving.address + path, { headers, redirect: 'manual' });
  return {
    ...serving,
    config,
    stop,
    clock,
    blog,
    logged,
    allow: other => pairs.add(other.pair),
    get,
    text: async path => (await get(path)).text(),
    ping: async (topic, fields) =>
      readAnswer(
        await (
          await fetch(`${serving.address}/t/${topic}/trackback`, {
            method: 'POST',
            body: new URLSearchParams(fields),
          })
        ).text(),
      ),
    later(ms) {
      clock.advance(ms);
      serving.hub.worker.wake();
    },
  };
}

/** Reads the XML of an answer with the same kind of pattern that Movable Type and PEAR use. */
export function readAnswer(body: string): Answer {
  return {
    error: /<error>(\d+)<\/error>/.exec(body)?.[1],
    message: /<message>([^<]+)<\/message>/.exec(body)?.[1],
    body,
  };
}
