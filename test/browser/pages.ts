import { cursorAfter } from '../../server/topics/cursor.ts';
import type { TestHub } from '../support/hub.ts';
import { LONG_TOPIC, TOPIC } from './stocked-hub.ts';

/** A page that is opened in the browser. */
export interface PageToOpen {
  name: string;
  /** Its path on the stocked hub, or how to find it there. */
  path: string | ((hub: TestHub) => string | Promise<string>);
  /** What it answers, if not 200. */
  status?: number;
}

/** Every kind of page there is, in each state that looks different. A new page is one line here. */
export const PAGES: readonly PageToOpen[] = [
  { name: 'directory', path: '/' },
  { name: 'topic', path: `/t/${TOPIC}` },
  { name: 'older posts', path: hub => `/t/${TOPIC}?before=${cursorAfter(latest(hub))}` },
  { name: 'empty topic', path: '/t/bread-baking' },
  { name: 'empty topic with a long name', path: `/t/${LONG_TOPIC}` },
  { name: 'ping address', path: `/t/${TOPIC}/trackback` },
  { name: 'ping address of a long name', path: `/t/${LONG_TOPIC}/trackback` },
  { name: 'not found', path: '/t/nihgt-sky', status: 404 },
  { name: 'not found, a long address', path: `/${'nowhere'.repeat(40)}`, status: 404 },
];

/** A place behind which every post lies. */
const latest = (hub: TestHub) => ({ listedAt: hub.clock.now() + 1, id: 'zzzzzzzzzz' });
