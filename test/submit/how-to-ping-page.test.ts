import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInNewContext } from 'node:vm';
import type { load } from 'cheerio';
import { howToPingPage } from '../../server/submit/how-to-ping-page.ts';
import { createUrls } from '../../server/urls.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aTopic } from '../support/samples.ts';

const topic = aTopic({ formerSlugs: ['generators'] });
const page = urls.topic(topic.slug);

const open = (chosen: string, from = urls) =>
  openPage(
    'how-to-ping',
    howToPingPage({ topics: [aTopic({ slug: 'other', title: 'A' }), topic], chosen, urls: from }),
  ).$;

/** The addresses that are shown to be copied, without the bookmark's. */
const shown = ($: ReturnType<typeof load>) =>
  $('ol .address')
    .toArray()
    .map(code => $(code).text());

test('a chosen topic stands in the text with its addresses, under former names too', () => {
  for (const chosen of [topic.slug, 'Generators']) {
    const $ = open(chosen);
    assert.deepEqual(shown($), [page, `${page}/trackback`]);
    assert.equal($('option[selected]').text(), topic.title);
    for (const link of $('main a[href*=submit]').toArray().slice(0, -1))
      assert.equal($(link).attr('href'), urls.submitTo(topic.slug));
  }
});

test('without a topic, or with one that is not there, the text does without', () => {
  for (const chosen of ['', 'nobody', '"><script>']) {
    const $ = open(chosen);
    assert.deepEqual(shown($), []);
    assert.equal($('option[selected]').length, 0);
    assert.equal($('main script').length, 0);
    assert.match(said($('ol').first().text()), /the first of the three on its page/);
  }
});

test('the chooser works without JavaScript', () => {
  const $ = open('');
  assert.deepEqual([$('form').attr('method'), $('form').attr('action')], [undefined, '/how-to-ping']);
  assert.equal($('form select').attr('name'), 'topic');
});

test('for each kind of blog there are three lines', () => {
  const $ = open('');
  const blogs = $('h3').toArray();
  assert.deepEqual(
    blogs.map(heading => $(heading).text()),
    ['WordPress', 'Movable Type', 'Serendipity', 'Dotclear', 'A static site', 'No idea'],
  );
  for (const heading of blogs) assert.equal($(heading).next('ol').children('li').length, 3);
});

test('who never sends to an address with a port is told, where ours have one', () => {
  assert.doesNotMatch(said(open('')('main').text()), /port/);
  const $ = open('', createUrls('http://hub.example:3000'));
  assert.match(said($('main').text()), /have a port in them, 3000\. Serendipity never sends/);
});

test('the bookmark opens the form for the page that is read, whatever BASE_URL holds', () => {
  for (const base of ['https://hub.example', "https://hub.example/it's%20a%27hub", 'http://[::1]:3000/x']) {
    const $ = open('', createUrls(base));
    const href = String($('a[href^="javascript:"]').attr('href'));
    assert.equal($('code.address').last().text(), href);
    // As a browser runs it.
    const location = { href: 'https://blog.example/orion?a=b&c=d#e' };
    const result = runInNewContext(decodeURIComponent(href.slice('javascript:'.length)), {
      location,
      encodeURIComponent,
    });
    assert.equal(result, undefined, 'a value would take the place of the page');
    const opened = new URL(location.href);
    assert.equal(opened.origin + opened.pathname, createUrls(base).submit);
    assert.equal(opened.searchParams.get('url'), 'https://blog.example/orion?a=b&c=d#e');
  }
});
