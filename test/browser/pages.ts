import { cursorAfter } from '../../server/topics/cursor.ts';
import type { TestHub } from '../support/hub.ts';
import { HARD_POSTS } from './posts.ts';
import { ABSENT, LONG_TOPIC, MISSPELT, mentionOf, OTHER_TOPIC, TOPIC } from './stocked-hub.ts';

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

/** The same, when that post was just given to the hub. */
const submittedOnce = (post: { path: string } | undefined) => async (hub: TestHub) => {
  const body = new URLSearchParams({ topic: TOPIC, url: hub.blog.at(String(post?.path)) });
  await fetch(`${hub.address}/submit`, { method: 'POST', body, redirect: 'manual' });
  return prefilled(post)(hub);
};

/** The receipt of a post of the hub's blog. */
const receiptOf =
  (path = '', topic = TOPIC) =>
  async (hub: TestHub) =>
    `/pings/${(await mentionOf(hub, path, topic))?.id}`;

const whereIs = (path = '') => {
  return (hub: TestHub) => `/where-is-my-ping?${new URLSearchParams({ url: hub.blog.at(path) })}`;
};

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
  { name: 'too many pings', path: submittedOnce(HARD_POSTS[0]), press: 'Submit', status: 429 },
  { name: 'receipt, listed', path: receiptOf(HARD_POSTS[1]?.path) },
  { name: 'receipt, long words', path: receiptOf(HARD_POSTS.at(-3)?.path) },
  { name: 'receipt, a letter short', path: receiptOf(MISSPELT, OTHER_TOPIC) },
  { name: 'receipt, trying again', path: receiptOf(ABSENT, OTHER_TOPIC) },
  { name: 'where is my ping', path: '/where-is-my-ping' },
  { name: 'where, two topics', path: whereIs(HARD_POSTS[0]?.path) },
  { name: 'where, never heard of', path: whereIs('/never-pinged') },
  { name: 'where, no address', path: '/where-is-my-ping?url=nonsense', status: 400 },
  { name: 'follow everything', path: '/follow' },
  { name: 'follow a topic', path: `/t/${TOPIC}/follow` },
  { name: 'follow a long name', path: `/t/${LONG_TOPIC}/follow` },
  { name: 'how to ping', path: '/how-to-ping' },
  { name: 'how to ping a long name', path: `/how-to-ping?topic=${LONG_TOPIC}` },
  { name: 'not found', path: '/t/nihgt-sky', status: 404 },
  { name: 'not found, a long address', path: `/${'nowhere'.repeat(40)}`, status: 404 },
];
