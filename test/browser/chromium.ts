import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type BrowserContextOptions, chromium, type Page, type Response } from 'playwright-core';
import type { TestHub } from '../support/hub.ts';
import { CHROMIUM } from './executable.ts';
import type { PageToOpen } from './pages.ts';
import { aStockedHub } from './stocked-hub.ts';

/** Nothing but the hub's pages goes over the wire; the profile is a new one each time. */
const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const IN_PAGE = fileURLToPath(new URL('in-page.js', import.meta.url));
const HEIGHT = 900;

/** How a window is set up: its width in CSS pixels, and whatever a reader may have chosen. */
export interface Setup extends Pick<BrowserContextOptions, 'colorScheme' | 'forcedColors' | 'permissions'> {
  width: number;
  /** A script that every page runs first. The page's own policy does not apply to it, and stays in force. */
  script?: string;
}

/** What a test in the browser works with. */
export interface InChromium {
  test: TestContext;
  hub: TestHub;
  /** An empty window. */
  open: (setup: Setup) => Promise<Page>;
  /** Takes a window to a page of the hub. */
  visit: (window: Page, page: Omit<PageToOpen, 'name'>) => Promise<void>;
}

/** A test on the stocked hub in a Chromium of its own; both are gone when the test is over. */
export function inChromium(what: string, body: (room: InChromium) => Promise<void>): void {
  test(what, async test => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, chromiumSandbox: false, args: QUIET });
    // Goes first, so that the hub has no connection to wait for.
    test.after(() => browser.close());
    const hub = await aStockedHub(test);

    await body({
      test,
      hub,
      async open({ width, script, ...chosen }) {
        const context = await browser.newContext({ viewport: { width, height: HEIGHT }, ...chosen });
        await context.addInitScript({ path: IN_PAGE });
        if (script) await context.addInitScript({ content: script });
        return context.newPage();
      },
      async visit(window, { path, press, status = 200 }) {
        const address = hub.address + (typeof path === 'string' ? path : await path(hub));
        const page = await window.goto(address);
        const answer = press ? await pressed(window, press) : page;
        assert.equal(answer?.status(), status, address);
      },
    });
  });
}

/** Presses a button, seen or not, and waits for the page that comes. */
async function pressed(window: Page, button: string): Promise<Response> {
  const posted = window.waitForResponse(answer => answer.request().method() === 'POST');
  const loaded = window.waitForEvent('load');
  await window.locator('button', { hasText: button }).first().dispatchEvent('click');
  await loaded;
  return posted;
}
