import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { inChromium } from './chromium.ts';
import { PAGES } from './pages.ts';

const WIDTHS = [320, 390, 1280, 1600];

/** What a reader may have set, and how. */
const READERS: Record<string, (window: Page) => Promise<unknown>> = {
  'as it comes': async () => {},
  'text at 200 %': async window => {
    const devtools = await window.context().newCDPSession(window);
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
    assert.equal(await window.evaluate('inPage.style(":root", "font-size")'), '32px');
  },
  // WCAG 1.4.12, Text Spacing
  'text spaced out': window =>
    window.evaluate(
      `inPage.restyle('* { line-height: 1.5 !important; letter-spacing: 0.12em !important;' +
        'word-spacing: 0.16em !important } p { margin-block-end: 2em !important }')`,
    ),
  'from right to left': window => window.evaluate(`document.documentElement.dir = 'rtl'`),
};

inChromium('nothing scrolls sideways or runs over its edge', async ({ test, open, visit }) => {
  for (const [reader, prepare] of Object.entries(READERS)) {
    const window = await open({ width: 320 });
    for (const page of PAGES) {
      await test.test(`${page.name}, ${reader}`, async () => {
        await visit(window, page);
        await prepare(window);
        for (const width of WIDTHS) {
          await window.setViewportSize({ width, height: 900 });
          assert.deepEqual(await window.evaluate('inPage.sticksOut()'), [], `${width} px`);
        }
      });
    }
  }
});
