import { aPost, type Blog } from './blog.ts';
import type { TestHub } from './hub.ts';
import { until } from './until.ts';

/** A hub whose time a test lets pass; `clock` may be an earlier hub's, which this one goes on with. */
export type Living = Pick<TestHub, 'clock' | 'hub' | 'storage'>;

/**
 * Lets time pass step by step, and the hub do at each step all that it owes by then. So a look is seen at the first
 * step at which it is owed, and one that is owed too early is seen too early.
 */
export async function live(hub: Living, ms: number, step: number): Promise<void> {
  const end = hub.clock.now() + ms;
  await rest(hub);
  while (hub.clock.now() < end) {
    hub.clock.advance(Math.min(step, end - hub.clock.now()));
    await rest(hub);
  }
}

/** Waits until the hub owes nothing; what a look takes along of the post's other topics may still be under way. */
export async function rest(hub: Living): Promise<void> {
  hub.hub.worker.wake();
  await until(async () => (await hub.storage.mentions.countDue()) === 0, 'everything owed to be settled');
}

/** A post that knows when the hub fetched it, in milliseconds since it was written. */
export interface WatchedPost {
  url: string;
  looks: number[];
  /** Publishes the post in this form. */
  says: (page: Parameters<typeof aPost>[0]) => void;
  /** The blog answers otherwise from now on: an HTTP status, and headers to go with it. */
  fails: (status: number, headers?: Record<string, string>) => void;
}

/** Writes a post that links to the night sky. */
export function aWatchedPost(hub: TestHub, path = '/orion', blog: Blog = hub.blog): WatchedPost {
  const written = hub.clock.now();
  const looks: number[] = [];
  let answer = { status: 200, headers: {}, body: '' };
  blog.put(path, (_request, response) => {
    looks.push(hub.clock.now() - written);
    response.writeHead(answer.status, { 'Content-Type': 'text/html; charset=utf-8', ...answer.headers });
    response.end(answer.body);
  });
  const says: WatchedPost['says'] = page => {
    answer = { status: 200, headers: {}, body: aPost(page) };
  };
  says({ link: hub.hub.urls.topic('night-sky') });
  return {
    url: blog.at(path),
    looks,
    says,
    fails(status, headers = {}) {
      answer = { status, headers, body: '<p>Not now</p>' };
    },
  };
}
