import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notFoundPage } from '../../server/web/not-found-page.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aTopic } from '../support/samples.ts';

const TOPICS = [
  aTopic({ slug: 'night-trains', title: 'Night trains' }),
  aTopic({ slug: 'night-sky', title: 'Night sky' }),
  aTopic({ slug: 'birds', title: 'Birds' }),
];

function suggested(slug: string | null) {
  return notFoundPage({ address: 'x', slug, topics: TOPICS, urls }).suggestion?.title ?? null;
}

test('a topic at most two letters away is suggested', () => {
  for (const slug of ['night-ski', 'nightsky', 'night-skyy', 'ngiht-sky', 'night--sky', 'might-ski']) {
    assert.equal(suggested(slug), 'Night sky', slug);
  }
});

test('nothing is suggested for an address that is further away, or asks for no topic', () => {
  for (const slug of ['night', 'dark-skies', 'x', '', 'night-sky'.repeat(9_000), null]) {
    assert.equal(suggested(slug), null);
  }
});

test('the nearest topic wins over the first', () => {
  const topics = [aTopic({ slug: 'bards', title: 'Bards' }), aTopic({ slug: 'birds', title: 'Birds' })];
  assert.equal(notFoundPage({ address: 'x', slug: 'bids', topics, urls }).suggestion?.title, 'Birds');
});

test('the page shows the address and leads to the topic that was meant', () => {
  const address = urls.topic('night-ski');
  const { $ } = openPage('not-found', notFoundPage({ address, slug: 'night-ski', topics: TOPICS, urls }));
  assert.equal($('h1').text(), 'Nothing is filed at this address');
  assert.equal($('code').text(), address);
  assert.ok(said($('main').text()).includes('Did you mean Night sky?'));
  assert.equal($('main a').attr('href'), 'https://hub.example/t/night-sky');
  assert.equal($('meta[name=robots]').attr('content'), 'noindex');
});

test('a stranger’s address is cut, and is only text', () => {
  const address = `https://hub.example/"><script>alert(1)</script>${'a'.repeat(5_000)}`;
  const { $ } = openPage('not-found', notFoundPage({ address, slug: null, topics: [], urls }));
  assert.equal($('code').text(), `${address.slice(0, 200)}…`);
  assert.equal($('script').length, 0);
  assert.ok(!$('main').text().includes('Did you mean'));
});

test('an address is never cut in the middle of a character', () => {
  const { address } = notFoundPage({ address: `${'a'.repeat(199)}🌒🌒`, slug: null, topics: [], urls });
  assert.ok(address.isWellFormed());
});
