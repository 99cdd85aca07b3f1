import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createUrls } from '../../server/urls.ts';
import { BROKEN_PAGE } from '../../server/web/broken-page.ts';
import { createViews } from '../../server/web/views.ts';
import { openPage, said, site } from '../support/pages.ts';

test('the layout names the page and the hub', () => {
  const { $ } = openPage('broken', BROKEN_PAGE, { name: 'Kiln & Co' });
  assert.equal($('title').text(), 'Something broke on our side · Kiln & Co');
  assert.equal($('.brand').text(), 'Kiln & Co');
  assert.equal($('html').attr('lang'), 'en');
});

test('a fault page says what happened and what to do, and is kept out of search engines', () => {
  const { $ } = openPage('broken', BROKEN_PAGE);
  assert.equal($('h1').text(), 'Something broke on our side');
  assert.equal(said($('.lede').text()), 'The fault has been written to the log. Please try again later.');
  assert.equal($('meta[name=robots]').attr('content'), 'noindex');
});

test('a page may be indexed unless it says otherwise', () => {
  const { $ } = openPage('broken', { title: 'x' });
  assert.equal($('meta[name=robots]').length, 0);
});

test('files are asked for by build, below the path of BASE_URL', () => {
  const { $ } = openPage('broken', BROKEN_PAGE, {
    urls: createUrls('https://example.org/hub'),
    build: 'f00',
  });
  assert.equal($('link[rel=stylesheet]').attr('href'), '/hub/site.css?v=f00');
  assert.equal($('link[rel=icon]').attr('href'), '/hub/favicon.svg?v=f00');
  assert.equal($('.brand').attr('href'), 'https://example.org/hub/');
});

test('the contact is a mail or a web address, or is not there', () => {
  const contact = (address: string | null) => {
    const { $ } = openPage('broken', BROKEN_PAGE, { contact: address });
    return $('.foot a:contains("Contact")').attr('href');
  };
  assert.equal(contact('me@hub.example'), 'mailto:me@hub.example');
  assert.equal(contact('https://hub.example/contact'), 'https://hub.example/contact');
  assert.equal(contact('javascript:alert(1)'), 'mailto:javascript:alert(1)');
  assert.equal(contact(null), undefined);
});

test('a view that is not there, or a model that lacks a field, is a fault', () => {
  const views = createViews(site);
  assert.throws(() => views.page('nonsense', { title: 'x' }), /no view "nonsense"/);
  assert.throws(() => views.page('not-found', { title: 'x' }), /"address" not defined/);
});
