import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pingAddressPage } from '../../server/trackback/ping-address-page.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aTopic } from '../support/samples.ts';

test('whoever opens a ping address learns what it is for', () => {
  const { $ } = openPage('ping-address', pingAddressPage({ topic: aTopic(), urls }));
  const page = 'https://hub.example/t/static-site-generators';
  assert.equal($('h1').text(), 'This address is for blog software');
  assert.match(
    said($('.lede').text()),
    /^You have opened the ping address of Static site generators in a browser\. Nothing was sent\./,
  );
  assert.deepEqual(
    $('main a')
      .toArray()
      .map(link => $(link).attr('href')),
    [page, page, page, urls.where, urls.submitTo('static-site-generators')],
  );
  assert.deepEqual(
    $('ol code')
      .toArray()
      .map(code => $(code).text()),
    [page, `${page}/trackback`],
  );
  assert.equal($('ol code b').text(), '/trackback');
});

test('it is no page for search engines, and has no discovery block of its own', () => {
  const { html, $ } = openPage('ping-address', pingAddressPage({ topic: aTopic(), urls }));
  assert.equal($('meta[name=robots]').attr('content'), 'noindex');
  assert.ok(!html.includes('rdf:'));
});
