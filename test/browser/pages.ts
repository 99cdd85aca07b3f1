import { cursorAfter } from '../../server/topics/cursor.ts';
import type { TestHub } from '../support/hub.ts';
import { HARD_POSTS } from './posts.ts';
import { LONG_TOPIC, TOPIC } from './stocked-hub.ts';

/** A page that is opened in the browser. */
export interface PageToOpen {
  name: string;
  /** Its path on the stocked hub, or how to find it there. */
  path: string | ((hub: TestHub) => string | Promise<string>);
  /** The button that is pressed there; the answer to that is the page. */
  press?: string;
  /** What it answers, if not 200. */
  status?: number;
}

/** A place behind which every post lies. */
const latest = (hub: TestHub) => ({ listedAt: hub.clock.now() + 1, id: 'zzzzzzzzzz' });

/** The form with a post of the hub's blog filled in. */
const prefilled =
  (post: { path: string } | undefined, topic = TOPIC) =>
  (hub: TestHub) =>
    `/submit?${new URLSearchParams({ topic, url: hub.blog.at(String(post?.path)) })}`;

/** Every kind of page there is, in each state that looks different. A new page is one line here. */
export const PAGES: readonly PageToOpen[] = [
  { name: 'directory', path: '/' },
  { name: 'topic', path: `/t/${TOPIC}` },
  { name: 'older posts', path: hub => `/t/${TOPIC}?before=${cursorAfter(latest(hub))}` },
  { name: 'empty topic', path: '/t/bread-baking' },
  { name: 'empty topic with a long name', path: `/t/${LONG_TOPIC}` },
  { name: 'ping address', path: `/t/${TOPIC}/trackback` },
  { name: 'ping address of a long name', path: `/t/${LONG_TOPIC}/trackback` },
  { name: 'submit a post', path: `/submit?topic=${TOPIC}` },
  { name: 'submit a post, problems', path: '/submit?url=http://blog.example/', press: 'Submit', status: 422 },
  { name: 'preview', path: prefilled(HARD_POSTS[0]), press: 'Preview' },
  { name: 'preview, long words', path: prefilled(HARD_POSTS.at(-3)), press: 'Preview' },
  { name: 'preview, another topic', path: prefilled(HARD_POSTS[1], LONG_TOPIC), press: 'Preview' },
  { name: 'preview, no such page', path: prefilled({ path: '/nowhere' }), press: 'Preview' },
  { name: 'how to ping', path: '/how-to-ping' },
  { name: 'how to ping a long name', path: `/how-to-ping?topic=${LONG_TOPIC}` },
  { name: 'not found', path: '/t/nihgt-sky', status: 404 },
  { name: 'not found, a long address', path: `/${'nowhere'.repeat(40)}`, status: 404 },
];
