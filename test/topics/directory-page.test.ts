import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directoryPage } from '../../server/topics/directory-page.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { anEmptyTopic, aTopic } from '../support/samples.ts';

const NOW = Date.parse('2026-07-17T15:00:00Z');
const DAY = 24 * 60 * 60 * 1000;

const lastListed = (title: string, lastListedAt: number) =>
  aTopic({ title, slug: title.toLowerCase(), lastListedAt });

function groupsOf(...topics: Parameters<typeof directoryPage>[0]['topics']) {
  const { groups } = directoryPage({ topics, now: NOW, urls });
  return Object.fromEntries(groups.map(group => [group.title, group.topics.map(topic => topic.title)]));
}

test('topics are grouped by their last post, newest first', () => {
  assert.deepEqual(
    groupsOf(
      lastListed('Quiet', NOW - 30 * DAY - 1),
      lastListed('Month', NOW - 7 * DAY - 1),
      lastListed('Limit', NOW - 30 * DAY),
      lastListed('Week', NOW - 7 * DAY),
      lastListed('Today', NOW - 1),
    ),
    {
      'New in the last 7 days': ['Today', 'Week'],
      'New in the last 30 days': ['Month', 'Limit'],
      'Quiet for longer': ['Quiet'],
    },
  );
});

test('a group without topics is not there', () => {
  assert.deepEqual(groupsOf(lastListed('Today', NOW)), { 'New in the last 7 days': ['Today'] });
});

test('a topic that the store’s clock put a moment ahead of ours is new', () => {
  assert.deepEqual(groupsOf(lastListed('Ahead', NOW + 900)), { 'New in the last 7 days': ['Ahead'] });
});

test('a row says when, what and how much', () => {
  const topic = aTopic({ posts: 1, blogs: 1, lastListedAt: NOW });
  const { $ } = openPage('directory', directoryPage({ topics: [topic], now: NOW, urls }));
  const row = $('article.topic');
  assert.equal(row.find('h3 a').attr('href'), 'https://hub.example/t/static-site-generators');
  assert.equal(row.find('.facts').text(), '1 post, 1 blog');
  assert.equal(said(row.find('.note').text()), 'last post 17 July');
  assert.equal(row.find('time').attr('datetime'), '2026-07-17');
  assert.equal(row.find('.definition').text(), topic.definition);
});

test('topics without posts stand below, as links', () => {
  const topics = [anEmptyTopic({ title: 'Owls', slug: 'owls' }), aTopic(), anEmptyTopic({ slug: 'elms' })];
  const { $ } = openPage('directory', directoryPage({ topics, now: NOW, urls }));
  assert.equal($('article.topic').length, 1);
  assert.equal($('#waiting').text(), '2 topics waiting for a first post');
  assert.deepEqual(
    $('.links a')
      .toArray()
      .map(link => $(link).attr('href')),
    ['https://hub.example/t/owls', 'https://hub.example/t/elms'],
  );
});

test('one waiting topic is one topic', () => {
  const page = directoryPage({ topics: [anEmptyTopic()], now: NOW, urls });
  assert.equal(page.waiting?.heading, '1 topic waiting for a first post');
});

test('a hub without any topic says so', () => {
  const { $ } = openPage('directory', directoryPage({ topics: [], now: NOW, urls }));
  assert.match($('main').text(), /There is no topic on this hub yet\./);
  assert.equal($('main section.group').length, 0);
});

test('a hub with topics does not', () => {
  const { $ } = openPage('directory', directoryPage({ topics: [anEmptyTopic()], now: NOW, urls }));
  assert.doesNotMatch($('main').text(), /no topic/);
});

test('the directory has no discovery block: only topics can be pinged', () => {
  const { html } = openPage('directory', directoryPage({ topics: [aTopic()], now: NOW, urls }));
  assert.ok(!html.includes('rdf:'));
});
