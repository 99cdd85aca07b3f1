import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { followEverythingPage, followTopicPage } from '../../server/feeds/follow-page.ts';
import { noSuchTopicPage } from '../../server/feeds/no-such-topic-page.ts';
import { pace } from '../../server/feeds/pace.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { anEmptyTopic, aTopic } from '../support/samples.ts';

const NOW = Date.parse('2026-07-17T14:02:19Z');
const ADDRESS = 'https://hub.example/t/static-site-generators';

describe('how many posts a follower has to expect', () => {
  const LONG_AGO = Date.parse('2024-03-02T08:00:00Z');
  const paceOf = (months: Record<string, number>, openedAt = LONG_AGO) =>
    pace([aTopic({ months, openedAt, lastListedAt: Date.parse('2026-02-09') })], NOW);

  it('is the mean since the month before last: 11 weeks here', () => {
    assert.equal(
      paceOf({ '2026-07': 12, '2026-06': 15, '2026-05': 6, '2026-04': 900 }),
      'About 3 posts a week.',
    );
    assert.equal(paceOf({ '2026-06': 11 }), 'About 1 post a week.');
  });

  it('is said per day where there are many, and per month where there are few', () => {
    assert.equal(paceOf({ '2026-07': 300, '2026-06': 399 }), 'About 9 posts a day.');
    assert.equal(paceOf({ '2026-06': 5 }), 'About 2 posts a month.');
    assert.equal(paceOf({ '2026-05': 1 }), 'Less than one post a month.');
  });

  it('is no mean of a few days', () => {
    assert.equal(paceOf({ '2026-07': 5 }, NOW - 2 * 86_400_000), '5 posts so far.');
    assert.equal(paceOf({ '2026-07': 1 }, NOW - 1_000), '1 post so far.');
    assert.equal(paceOf({ '2026-07': 20 }, NOW - 28 * 86_400_000), 'About 5 posts a week.');
  });

  it('is not made up where nothing comes any more, or nothing came yet', () => {
    assert.equal(paceOf({ '2026-02': 40 }), 'No new posts since 9 February 2026.');
    assert.equal(pace([anEmptyTopic()], NOW), 'No posts yet.');
    assert.equal(pace([], NOW), 'No posts yet.');
  });

  it('is that of all topics together for the feed over all of them', () => {
    const months = { '2026-07': 12, '2026-06': 15, '2026-05': 6 };
    assert.equal(
      pace([aTopic({ months }), aTopic({ months }), anEmptyTopic()], NOW),
      'About 6 posts a week.',
    );
  });
});

describe('the page about the feeds of a topic', () => {
  const topic = aTopic();
  const model = followTopicPage({ topic, topics: [topic, aTopic({ id: 'other' })], now: NOW, urls });
  const { $ } = openPage('follow', model);

  it('says what to do, and with which address', () => {
    assert.equal($('h1').text(), 'Follow this topic');
    assert.equal($('title').text(), 'Follow Static site generators · topichub');
    assert.equal($('.crumb a').attr('href'), ADDRESS);
    assert.equal(
      said($('.lede').text()),
      'Paste one of these addresses into your feed reader. They all carry the same posts; take the first unless your reader asks for another.',
    );
    const blocks = $('.labelled')
      .toArray()
      .map(block => ['h3', 'p', 'code'].map(part => $(block).find(part).text()));
    assert.deepEqual(blocks, [
      ['RSS', 'The usual choice.', `${ADDRESS}.rss`],
      ['Atom', 'For readers that prefer it.', `${ADDRESS}.atom`],
      ['JSON Feed', 'For scripts and some newer readers.', `${ADDRESS}.json`],
    ]);
  });

  it('has each address ready to copy, its end in bold', () => {
    const copied = $('[data-copy]').toArray();
    assert.deepEqual(
      copied.map(button => $(button).attr('data-copy')),
      [`${ADDRESS}.rss`, `${ADDRESS}.atom`, `${ADDRESS}.json`],
    );
    assert.deepEqual(
      $('code b')
        .toArray()
        .map(end => $(end).text()),
      ['.rss', '.atom', '.json'],
    );
  });

  it('says what comes, and how often, and where there is more', () => {
    const text = said($('main').text());
    assert.match(text, /The newest 50 posts with title, excerpt, blog and date\./);
    assert.match(text, /nothing is tracked on the way\. About 1 post a week\./);
    assert.match(text, /All topics in one feed\. About 2 posts a week\./);
    assert.equal($('main a:contains("All topics")').attr('href'), urls.follow);
  });

  it('offers the feeds to readers that look for them in the head', () => {
    const offered = $('link[rel=alternate]')
      .toArray()
      .map(link => [$(link).attr('type'), $(link).attr('href'), $(link).attr('title')]);
    assert.deepEqual(offered, [
      ['application/rss+xml', `${ADDRESS}.rss`, 'Static site generators (RSS)'],
      ['application/atom+xml', `${ADDRESS}.atom`, 'Static site generators (Atom)'],
      ['application/feed+json', `${ADDRESS}.json`, 'Static site generators (JSON Feed)'],
    ]);
  });
});

describe('the page about the feeds over all topics', () => {
  const topics = [aTopic({ id: 'b', slug: 'bread-baking' }), aTopic({ id: 'n', slug: 'night-sky' })];
  const { $ } = openPage('follow', followEverythingPage({ topics, now: NOW, urls }));

  it('has the addresses of everything, and of part of it', () => {
    assert.equal($('h1').text(), 'Follow everything');
    assert.deepEqual(
      $('main code')
        .toArray()
        .map(code => $(code).text()),
      ['.rss', '.atom', '.json', '.rss?in=bread-baking,night-sky', '.rss?not=bread-baking'].map(
        end => `https://hub.example/feed${end}`,
      ),
    );
    assert.equal($('.crumb').length, 0);
  });

  it('offers no part of what has no parts', () => {
    for (const few of [[], topics.slice(1)]) {
      const page = openPage('follow', followEverythingPage({ topics: few, now: NOW, urls }));
      assert.equal(page.$('main code').length, 3);
      assert.doesNotMatch(page.$('main').text(), /More, or less/);
    }
  });
});

describe('the page for a feed of topics that are not there', () => {
  it('says which name is the wrong one, and which was meant', () => {
    const { $ } = openPage(
      'no-such-topic',
      noSuchTopicPage({ missing: ['static-sites-generators', '<b>x</b>'], topics: [aTopic()], urls }),
    );
    const text = said($('main').text());
    assert.match(
      text,
      /no topic at the address static-sites-generators\. Did you mean static-site-generators/,
    );
    assert.match(text, /no topic at the address <b>x<\/b>\. How/);
  });
});
