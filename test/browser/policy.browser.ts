import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import type { Page } from 'playwright-core';
import { DAY } from '../support/clock.ts';
import { until } from '../support/until.ts';
import { inChromium } from './chromium.ts';
import { PAGES } from './pages.ts';
import { TOPIC } from './stocked-hub.ts';

/** Everything a page complains of, and every address it asks for. */
function listen(window: Page): { complaints: string[]; asked: string[] } {
  const complaints: string[] = [];
  const asked: string[] = [];
  window.on('console', said => complaints.push(`${said.type()}: ${said.text()} ${said.location().url}`));
  window.on('pageerror', error => complaints.push(String(error)));
  window.on('request', request => asked.push(request.url()));
  window.on('requestfailed', request => {
    // The icon of a page that is left by a button.
    if (request.failure()?.errorText === 'net::ERR_ABORTED') return;
    complaints.push(`failed: ${request.url()}`);
  });
  return { complaints, asked };
}

inChromium('pages keep to the policy they are sent with', async ({ test, hub, open, visit }) => {
  for (const page of PAGES) {
    await test.test(
      `${page.name}: nothing is blocked, nothing breaks, nothing comes from elsewhere`,
      async () => {
        const window = await open({ width: 1280 });
        const { complaints, asked } = listen(window);
        await visit(window, page);
        assert.equal(await window.evaluate('inPage.style(":root", "--paper").trim()'), '#eff4ee');
        // Chromium itself says this of a page whose status is an error, and of nothing else here.
        const status = `${page.status} (${STATUS_CODES[page.status ?? 200]})`;
        const failed = `error: Failed to load resource: the server responded with a status of ${status} ${window.url()}`;
        assert.deepEqual(complaints, page.status ? [failed] : []);
        assert.ok(asked.some(address => address.includes('/site.css?v=')));
        for (const address of asked) assert.ok(address.startsWith(`${hub.address}/`), address);
      },
    );
  }

  for (const [what, put] of [
    ['style', `document.body.setAttribute('style', 'color: red')`],
    [
      'style sheet',
      `document.head.append(Object.assign(document.createElement('style'), { textContent: '*{}' }))`,
    ],
    ['script', `document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))`],
    ['picture from elsewhere', `new Image().src = 'http://127.0.0.1:1/'`],
  ]) {
    await test.test(`an inline or foreign ${what} would be blocked, and noticed here`, async () => {
      const window = await open({ width: 1280 });
      const { complaints } = listen(window);
      await visit(window, { path: '/' });
      await window.evaluate(String(put));
      await until(() => complaints.some(said => said.includes('Content Security Policy')));
    });
  }

  await test.test('the buttons copy their address and say so', async () => {
    const window = await open({ width: 390, permissions: ['clipboard-read', 'clipboard-write'] });
    await window.clock.install();
    await visit(window, { path: `/t/${TOPIC}` });
    await window.clock.pauseAt(Date.now() + DAY);
    const button = window.locator('.labelled', { hasText: 'Ping this topic' }).getByRole('button');
    const status = window.getByRole('status');
    assert.equal(await button.textContent(), 'Copy the address: Ping this topic');
    await button.click();
    await status.getByText('Address copied').waitFor();
    assert.equal(await button.textContent(), 'Copied the address: Ping this topic');
    assert.equal(await window.evaluate('navigator.clipboard.readText()'), hub.hub.urls.trackback(TOPIC));
    await window.clock.runFor(2_500);
    assert.equal(await button.textContent(), 'Copy the address: Ping this topic');
    assert.equal(await status.textContent(), '');
  });
});
