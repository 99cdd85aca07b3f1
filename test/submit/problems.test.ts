import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../../server/mentions/mention.ts';
import { NOT_TAKEN, problemsOf } from '../../server/submit/problems.ts';
import { submitPage } from '../../server/submit/submit-page.ts';
import { createUrls } from '../../server/urls.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aTopic } from '../support/samples.ts';

const rules = { ownKeys: ['hub.example'], allow: new Set<string>() };
const old = createUrls('https://old.example/hub');
const sites = [urls, old];
const url = 'https://blog.example/orion';
const topic = aTopic({ formerSlugs: ['generators'] });

for (const refusal of Object.keys(NOT_TAKEN) as Refusal[]) {
  test(`"${refusal}" is said at the head of the form, and at the field it is about`, () => {
    const { field, status, retryAfter } = NOT_TAKEN[refusal];
    const problems = problemsOf(refusal, { url, topic }, { rules, sites });
    const { $ } = openPage(
      'submit',
      submitPage({ typed: { url, topic: topic.slug }, topics: [topic], problems }),
    );
    const words = said($('.problem li').text());
    assert.ok(words.length > 10);
    assert.equal($('.problem li a').attr('href'), field === null ? undefined : `#${field}`);
    assert.equal(said($('.err').text()), field === null ? '' : `Error: ${words}`);
    assert.equal($('[aria-invalid]').attr('id'), field ?? undefined);
    assert.match($('title').text(), /^Error: /);
    assert.ok(status >= 400);
    assert.equal(status >= 500 || status === 429, retryAfter !== undefined, 'who may come back is told when');
  });
}

test('the address of the chosen topic has words of its own, in whatever form it comes', () => {
  const words = (address: string, chosen = topic) =>
    problemsOf('own-address', { url: address, topic: chosen }, { rules, sites })[0]?.words ?? '';
  const page = urls.topic(topic.slug);
  for (const address of [
    page,
    `${page}/`,
    `${page}?before=x`,
    `${page}.rss`,
    `${page}/trackback`,
    page.replace('https', 'http'),
    urls.topic('generators'),
    old.topic(topic.slug),
    old.feed('generators', 'atom'),
  ])
    assert.match(words(address), /^This is the address of the topic/, address);
  for (const address of [urls.home, urls.topic('static-site-generators-2'), urls.submit])
    assert.match(words(address), /^This is an address of this hub/, address);
});
