import assert from 'node:assert/strict';
import { inChromium } from './chromium.ts';
import { PAGES } from './pages.ts';
import { HARD_POSTS } from './posts.ts';
import { TOPIC } from './stocked-hub.ts';

/** An A4 sheet between its margins of 16 mm, in CSS pixels. */
const A4 = 673;

inChromium('the style sheet', async ({ test, hub, open, visit }) => {
  await test.test(
    'has no selector that Chromium does not know, which would cost the whole rule',
    async () => {
      const window = await open({ width: 1280 });
      await visit(window, { path: '/' });
      const css = (await hub.text('/site.css')).replace(/\/\*[\s\S]*?\*\//g, '');
      const selectors = [...css.matchAll(/(?<=^|[{};])\s*(?=[^\s@])([^{};]+)\{/g)].map(([, list]) => list);
      assert.ok(selectors.length > 100);
      assert.deepEqual(await window.evaluate(`inPage.unknown(${JSON.stringify(selectors)})`), []);
    },
  );

  await test.test('gives Arabic, Hebrew and Hindi the room that their letters need', async () => {
    const window = await open({ width: 1280 });
    await visit(window, { path: `/t/${TOPIC}` });
    for (const language of ['ar', 'he', 'hi'])
      assert.equal(
        await window.evaluate(`inPage.style('.p-summary:lang(${language})', 'line-height')`),
        '27.2px',
      );
    assert.equal(await window.evaluate(`inPage.style('.p-summary:lang(ja)', 'line-height')`), '24px');
  });

  await test.test('leaves rule, dot, current page and borders visible in forced colours', async () => {
    const window = await open({ width: 1280, forcedColors: 'active' });
    await visit(window, { path: `/t/${TOPIC}` });
    const style = (selector: string, property: string, part = '') =>
      window.evaluate(`inPage.style(${[selector, property, part].map(text => JSON.stringify(text))})`);
    const paper = await style('body', 'background-color');
    assert.notEqual(await style('.book', 'border-inline-start-color', '::before'), paper);
    assert.notEqual(await style('.brand', 'background-color', '::before'), paper);
    assert.notEqual(await style('.top [aria-current]', 'border-block-end-color'), paper);
    for (const box of ['.slip', '.via', '.copy'])
      assert.notEqual(await style(box, 'border-top-color'), paper);
    await visit(window, { path: `/t/${TOPIC}/trackback` });
    assert.equal(await style('.top li a', 'border-block-end-color'), paper);
  });
});

inChromium('on paper', async ({ test, hub, open, visit }) => {
  const window = await open({ width: A4, colorScheme: 'dark' });
  await window.emulateMedia({ media: 'print' });

  for (const page of PAGES) {
    await test.test(`${page.name}: black on white, nothing to press, nothing cut off`, async () => {
      await visit(window, page);
      assert.deepEqual(await window.evaluate('inPage.shown(".skip, nav, button, form, .foot ul")'), []);
      assert.equal(await window.evaluate('inPage.style("body", "background-color")'), 'rgb(255, 255, 255)');
      assert.equal(await window.evaluate('inPage.style("h1", "color")'), 'rgb(0, 0, 0)');
      assert.deepEqual(await window.evaluate('inPage.sticksOut()'), []);
    });
  }

  await test.test('every post has its address under its title', async () => {
    await visit(window, { path: `/t/${TOPIC}` });
    const printed = await window.evaluate<string[]>('inPage.behind(".entry h3 a")');
    assert.equal(printed.length, HARD_POSTS.length);
    for (const { path } of HARD_POSTS) {
      const address = hub.blog.at(path);
      assert.ok(
        printed.some(text => text.includes(address)),
        address,
      );
    }
  });
});
