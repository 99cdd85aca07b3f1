import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Listed } from '../../server/mentions/mentions.ts';
import { byDay } from '../../server/topics/entries.ts';
import { topicPage } from '../../server/topics/topic-page.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aListed, aTopic } from '../support/samples.ts';

/** The topic page with these posts, and its first entry. */
function show(...entries: Listed[]) {
  const model = topicPage({ topic: aTopic(), entries, older: null, first: true, nearby: [], urls });
  const { html, $ } = openPage('topic', model);
  return { html, $, entry: $('article.h-entry').first() };
}

const at = (time: string) => aListed({ id: time, listedAt: Date.parse(time) });

test('posts stand under the day (UTC) of their listing, in the order they came', () => {
  const days = byDay(
    [
      at('2026-07-17T00:00:00Z'),
      at('2026-07-16T23:59:59.999Z'),
      at('2026-07-16T00:00:00Z'),
      at('2025-12-31T08:00:00Z'),
    ],
    urls,
  );
  assert.deepEqual(
    days.map(day => [day.weekday, day.date, day.entries.length]),
    [
      ['Friday', '17 July 2026', 1],
      ['Thursday', '16 July 2026', 2],
      ['Wednesday', '31 December 2025', 1],
    ],
  );
});

test('a day is a section named by its date', () => {
  const { $ } = show(at('2026-07-17T09:00:00Z'), at('2026-07-16T09:00:00Z'));
  const days = $('section.day').toArray();
  assert.deepEqual(
    days.map(day => $(day).attr('aria-labelledby')),
    ['d2026-07-17', 'd2026-07-16'],
  );
  assert.equal(said($('#d2026-07-16').text()), 'Thursday 16 July 2026');
  assert.equal($('#d2026-07-16 time').attr('datetime'), '2026-07-16');
});

test('an entry is an h-entry with title, excerpt, blog and time of listing', () => {
  const { entry } = show(aListed());
  assert.equal(entry.attr('id'), 'pm3nt10n001');
  assert.equal(entry.attr('dir'), 'ltr');
  assert.equal(entry.find('h3.p-name').text(), 'Eleventy in a weekend');
  assert.equal(entry.find('h3 a.u-url').attr('href'), 'https://plainpaper.example/2026/eleventy-weekend');
  assert.equal(entry.find('.p-summary').text(), aListed().shown.excerpt);
  assert.equal(entry.find('.p-author.h-card a.p-name.u-url').attr('href'), 'https://plainpaper.example/');
  assert.equal(entry.find('.p-author bdi').text(), 'Plain Paper');
  assert.equal(entry.find('time.dt-published').attr('datetime'), '2026-07-17T14:02:19Z');
  assert.equal(entry.find('time.dt-published').text(), '14:02');
});

test('every link to a blog says that we do not vouch for it', () => {
  const { $, entry } = show(aListed());
  const rels = entry
    .find('a:not([href^="https://hub.example/"])')
    .toArray()
    .map(link => $(link).attr('rel'));
  assert.deepEqual(rels, ['ugc noopener nofollow', 'ugc noopener nofollow']);
});

test('an entry leads to its receipt, and says whose it is to those who do not see it', () => {
  const { entry } = show(aListed());
  const link = entry.find('.meta > a');
  assert.equal(link.attr('href'), urls.receipt('m3nt10n001'));
  assert.equal(link.text(), 'Receipt for the ping at 14:02');
});

test('each door a post came through is named', () => {
  const { $, entry } = show(aListed({ doors: ['trackback', 'pingback', 'webmention', 'form'] }));
  const doors = entry
    .find('.via')
    .toArray()
    .map(door => $(door).text());
  assert.deepEqual(doors, ['via TrackBack', 'via Pingback', 'via Webmention', 'via Form']);
});

test('a post in another language carries it on title, excerpt and name, and names it', () => {
  const { $, entry } = show(
    aListed({ shown: { title: '静的サイト', excerpt: '三百行で止める', blogName: '雨', language: 'ja' } }),
  );
  for (const part of ['h3', '.p-summary', 'bdi']) assert.equal(entry.find(part).attr('lang'), 'ja', part);
  assert.equal($('.meta > span[lang=ja]').text(), '日本語');
});

test('the language of the site, or none, is neither marked nor named', () => {
  for (const language of ['en', null]) {
    const { entry } = show(aListed({ shown: { language } }));
    assert.equal(entry.find('[lang]').length, 0);
  }
});

test('a right-to-left post turns its whole entry', () => {
  const { entry } = show(
    aListed({ shown: { title: 'Jekyll ובחזרה', excerpt: 'שלושה שבועות עם זמן בנייה', language: null } }),
  );
  assert.equal(entry.attr('dir'), 'rtl');
});

test('a post without a title has none in its microformat, and tells a screen reader which it is', () => {
  const { entry } = show(aListed({ shown: { title: null, blogName: null } }));
  assert.equal(entry.find('h3.p-name').length, 0);
  assert.equal(said(entry.find('h3').text()), 'Untitled post on plainpaper.example, 14:02');
  assert.equal(entry.find('h3 .vh').length, 1);
  assert.ok(!entry.text().includes('The blog sent'));
});

test('a post without title and excerpt says that its blog sent neither', () => {
  const { entry } = show(aListed({ shown: { title: null, excerpt: null } }));
  assert.equal(entry.find('.hub-says').text(), 'The blog sent neither title nor excerpt.');
  assert.equal(entry.find('.p-summary').length, 0);
});

test('a post with a title alone says nothing more', () => {
  const { entry } = show(aListed({ shown: { excerpt: null } }));
  assert.equal(entry.find('.p-summary, .hub-says').length, 0);
});

test('a blog without a name is called by its host, which is in no language', () => {
  const { entry } = show(aListed({ shown: { blogName: null, language: 'ja' } }));
  assert.equal(entry.find('.who bdi').text(), 'plainpaper.example');
  assert.equal(entry.find('.who bdi').attr('lang'), undefined);
});

test('an address that is not on the web is not shown at all', () => {
  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'https://', 'nonsense']) {
    const { $ } = show(aListed({ url }));
    assert.equal($('article').length, 0, url);
  }
});

test('foreign words stay words', () => {
  const hostile = '"><img src=x onerror=alert(1)></a>{{constructor}}<!-- & \'';
  const { $, entry } = show(
    aListed({
      url: 'https://evil.example/?a="><script>alert(1)</script>',
      shown: { title: hostile, excerpt: hostile, blogName: hostile, language: '"><script>' },
    }),
  );
  assert.equal(entry.find('h3').text(), hostile);
  assert.equal(entry.find('.p-summary').text(), hostile);
  assert.equal(entry.find('.who').text(), hostile);
  assert.equal($('img').length, 0);
  assert.equal($('script:not([src])').length, 0);
});
