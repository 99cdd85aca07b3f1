import assert from 'node:assert/strict';
import { inChromium, type Setup } from './chromium.ts';
import { PAGES } from './pages.ts';

const inWords = ({ width, forcedColors }: Setup) => `${width} px${forcedColors ? ', forced colours' : ''}`;

inChromium('with the keyboard', async ({ test, open, visit }) => {
  const setups: Setup[] = [{ width: 1280 }, { width: 390 }, { width: 1280, forcedColors: 'active' }];
  for (const setup of setups) {
    const window = await open(setup);
    for (const page of PAGES) {
      await test.test(`${page.name}, ${inWords(setup)}: all is reached in order, and seen`, async () => {
        await visit(window, page);
        const stops = await window.evaluate<string[]>('inPage.stops("body")');
        assert.match(String(stops[0]), /^a\.skip /);
        for (const name of stops) {
          await window.keyboard.press('Tab');
          assert.deepEqual(await window.evaluate('inPage.focused()'), { name, seen: true });
        }
      });
    }
  }

  const window = await open({ width: 1280 });
  for (const page of PAGES) {
    await test.test(`${page.name}: the skip link leads past the head`, async () => {
      await visit(window, page);
      const past = await window.evaluate<string | undefined>('inPage.stops("main, .foot")[0]');
      await window.keyboard.press('Tab');
      await window.keyboard.press('Enter');
      await window.keyboard.press('Tab');
      assert.deepEqual(await window.evaluate('inPage.focused()'), { name: past, seen: true });
    });
  }
});
