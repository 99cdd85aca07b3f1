import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topicPage } from '../../server/topics/topic-page.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aListed, anEmptyTopic, aTopic } from '../support/samples.ts';

type Shown = Parameters<typeof topicPage>[0];

function open(over: Partial<Shown> = {}) {
  const newest = { topic: aTopic(), entries: [aListed()], older: null, first: true, nearby: [], urls };
  return openPage('topic', topicPage({ ...newest, ...over }));
}

const ADDRESS = 'https://hub.example/t/static-site-generators';

test('the head of the page says what the topic is and how much is in it', () => {
  const { $ } = open();
  assert.equal($('title').text(), 'Static site generators · topichub');
  assert.equal($('main.h-feed h1.p-name').text(), 'Static site generators');
  assert.equal($('data.u-url').attr('value'), ADDRESS);
  assert.equal($('.lede.p-summary').text(), aTopic().definition);
  assert.equal(
    said($('.head .facts').text()),
    '142 posts from 61 blogs since March 2024. Last listed 17 July 2026, 14:02.',
  );
  assert.equal($('.head time').attr('datetime'), '2026-07-17T14:02:19Z');
  assert.equal($('meta[name=robots]').length, 0);
});

test('one post from one blog is told in the singular', () => {
  const { $ } = open({ topic: aTopic({ posts: 1, blogs: 1, months: { '2026-07': 1 } }) });
  assert.match(said($('.head .facts').text()), /^1 post from 1 blog since July 2026\. /);
});

test('a topic without a definition has no empty line for it', () => {
  const { $ } = open({ topic: aTopic({ definition: '' }) });
  assert.equal($('.lede').length, 0);
});

test('the head of the document names the topic’s one address, its feed and its ping address', () => {
  assert.equal(open({ first: false }).$('link[rel=canonical]').attr('href'), ADDRESS);
  const { $ } = open();
  assert.equal($('link[rel=canonical]').attr('href'), ADDRESS);
  assert.equal($('link[rel=alternate][type="application/rss+xml"]').attr('href'), `${ADDRESS}.rss`);
  const ping = $('link[rel=trackback]');
  assert.equal(ping.attr('href'), `${ADDRESS}/trackback`);
  assert.equal(ping.attr('type'), 'application/x-www-form-urlencoded');
});

test('three addresses, each labelled, whole, with its tail marked and a button that waits for its script', () => {
  const { $ } = open();
  const wholes = [ADDRESS, `${ADDRESS}/trackback`, `${ADDRESS}.rss`];
  const slip = $('section.addresses');
  const texts = (selector: string) =>
    slip
      .find(selector)
      .toArray()
      .map(found => $(found).text());
  assert.deepEqual(texts('h3'), ['Link to this topic', 'Ping this topic', 'Follow this topic']);
  assert.deepEqual(texts('code'), wholes);
  assert.deepEqual(texts('b'), ['/trackback', '.rss']);
  const buttons = slip.find('button').toArray();
  assert.deepEqual(
    buttons.map(button => $(button).attr('data-copy')),
    wholes,
  );
  assert.ok(buttons.every(button => $(button).attr('hidden') !== undefined));
  assert.equal(said($(buttons[1]).text()), 'Copy the address: Ping this topic');
});

test('the newest page leads to older posts, and knows of no newer ones', () => {
  const { $ } = open({
    older: { href: urls.older('static-site-generators', 'c1'), from: Date.UTC(2026, 5, 30) },
  });
  assert.equal($('.pages a[rel=prev]').attr('href'), `${ADDRESS}?before=c1`);
  assert.equal(said($('.pages').text()), 'Older: June 2026 Newer: none yet');
});

test('a page of older posts leads on, and back to the newest', () => {
  const { $ } = open({
    first: false,
    older: { href: urls.older('static-site-generators', 'c2'), from: Date.UTC(2026, 4, 2) },
  });
  assert.equal(said($('.pages').text()), 'Older: May 2026 Newest posts');
  assert.equal($('.pages a').last().attr('href'), ADDRESS);
});

test('the oldest page says that it is the last', () => {
  const { $ } = open({ first: false });
  assert.equal(said($('.pages').text()), 'Older: none Newest posts');
});

test('a topic on one page has nothing to turn', () => {
  const { $ } = open();
  assert.equal($('.pages').length, 0);
});

test('a page beyond the last post says so', () => {
  const { $ } = open({ first: false, entries: [] });
  assert.match($('.river').text(), /no posts on this page/);
});

test('a topic without posts invites the first one, out of sight of search engines', () => {
  const topic = anEmptyTopic({ openedAt: Date.parse('2026-07-15T09:00:00Z') });
  const { $ } = open({ topic, entries: [] });
  assert.equal($('meta[name=robots]').attr('content'), 'noindex');
  assert.equal(
    said($('.head .facts').text()),
    'No posts yet. Opened 15 July 2026. Hidden from search engines until the first post is listed.',
  );
  assert.equal($('#first').text(), 'Be the first to write here');
  assert.equal($('.prose li').length, 3);
  assert.equal($('.prose form button').text(), 'Submit');
  assert.ok(!$('main').text().includes('nearby'));
});

test('it names topics nearby where there are some', () => {
  const nearby = [
    aTopic({
      title: 'Letterpress',
      slug: 'letterpress',
      posts: 1,
      lastListedAt: Date.parse('2026-07-16T10:00:00Z'),
    }),
  ];
  const { $ } = open({ topic: anEmptyTopic(), entries: [], nearby });
  assert.equal(said($('.prose ul').text()), 'Letterpress 1 post, last on 16 July 2026');
  assert.equal($('.prose ul a').attr('href'), 'https://hub.example/t/letterpress');
});

test('a topic with posts does not show its neighbours', () => {
  const { $ } = open({ nearby: [aTopic({ title: 'Letterpress' })] });
  assert.ok(!$('main').text().includes('Letterpress'));
});
