import assert from 'node:assert/strict';
import axe, { type AxeResults, type Result } from 'axe-core';
import { inChromium } from './chromium.ts';
import { PAGES } from './pages.ts';

/** WCAG 2.2 AA and axe's good practice; named, because some rules of 2.2 are off by default. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** A finding in one line each: the rule, and where it is broken. */
const inWords = (results: Result[]) =>
  results.flatMap(({ id, help, nodes }) => nodes.map(node => `${id}: ${help}: ${node.target.join(' ')}`));

inChromium('axe finds nothing', async ({ test, open, visit }) => {
  for (const width of [1280, 390]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      const window = await open({ width, colorScheme, script: axe.source });
      for (const page of PAGES) {
        await test.test(`${page.name}, ${width} px, ${colorScheme}`, async () => {
          await visit(window, page);
          const run = `axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`;
          const { violations, incomplete, passes } = await window.evaluate<AxeResults>(run);
          assert.deepEqual(inWords(violations), []);
          // What axe can't tell would be looked at by nobody.
          assert.deepEqual(inWords(incomplete), []);
          assert.ok(passes.some(({ id }) => id === 'color-contrast'));
        });
      }
    }
  }
});
