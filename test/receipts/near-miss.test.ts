import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NearMiss } from '../../server/mentions/mention.ts';
import { markDifference } from '../../server/receipts/difference.ts';
import { explain } from '../../server/receipts/explain.ts';
import { receiptJson } from '../../server/receipts/receipt-json.ts';
import { receiptPage } from '../../server/receipts/receipt-page.ts';
import { plain } from '../../server/receipts/say.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aLookedAt, aNearMiss, aTopic } from '../support/samples.ts';

const OTHER = aTopic({ id: 'other', slug: 'feeds-and-readers', title: 'Feeds and readers' });
const TOPIC = 'https://hub.example/t/static-site-generators';

/** The step about the link, as it is read. */
function linkStep(mention: ReturnType<typeof aNearMiss>) {
  const explained = explain({
    mention,
    topic: aTopic(),
    into: null,
    otherTopic: mention.evidence?.miss?.kind === 'other-topic' ? OTHER : null,
    lookableAt: null,
    now: mention.firstPingAt + 60_000,
    urls,
  });
  const { $ } = openPage('receipt', receiptPage(explained));
  return {
    $,
    text: plain(explained.steps[2]?.text ?? []),
    found: said($('.found').text()),
    todo: plain(explained.next.todo[0]?.text ?? []),
    json: receiptJson(explained),
  };
}

const miss = (over: NearMiss, links = 23) => {
  const mention = aNearMiss(over);
  return linkStep({ ...mention, evidence: mention.evidence && { ...mention.evidence, links } });
};

describe('the nearest miss', () => {
  it('(a) an address that is a letter short', () => {
    const address = TOPIC.slice(0, -1);
    const { text, found, $, todo, json } = miss({ kind: 'differs', address, sentence: 'See generators.' });
    assert.equal(
      text,
      'None of the 23 links in the post leads to this topic. The nearest one is a letter short:',
    );
    assert.equal(
      found,
      `We looked for ${TOPIC} Your post links to ${address}_, here the s is missing In this sentence “See generators.”`,
    );
    assert.equal($('.found ins').text(), 's');
    assert.equal($('.found del [aria-hidden]').text(), '_');
    assert.equal($('.found code .vh').text(), ', here the s is missing');
    assert.match(todo, /^Change that link in your post/);
    assert.equal($('.next .address').text(), TOPIC);
    assert.deepEqual(json.nearestMiss, { kind: 'differs', address, sentence: 'See generators.' });
  });

  it('(a) an address that differs otherwise', () => {
    const { text, found, $ } = miss({
      kind: 'differs',
      address: 'http://www.hub.example/t/static-web-generators',
      sentence: null,
    });
    assert.match(text, /The nearest one differs here:$/);
    assert.equal($('.found ins').text(), 'site');
    assert.equal($('.found del').text(), 'web');
    assert.match(found, /t\/static-web-generators, here “web” stands in place of “site”$/);
  });

  it('(b) the ping address, which counts', () => {
    const address = `${TOPIC}/trackback`;
    const link = { to: 'ping-address', address, sentence: null } as const;
    const { text } = linkStep(aLookedAt('listed', { saw: 'linked', link, links: 1 }));
    assert.equal(
      text,
      'Your post links to the ping address. It counts, but readers are better served by the address without /trackback.',
    );
  });

  it('(c) the front page of the hub', () => {
    const { text, found } = miss({ kind: 'front-page', address: 'https://hub.example/', sentence: null });
    assert.equal(text, 'Your post links to the front page of the hub, not to the topic.');
    assert.equal(found, 'Your post links to https://hub.example/');
  });

  it('(d) another topic, under which it can be listed at once', () => {
    const address = urls.topic(OTHER.slug);
    const { text, $, json } = miss({ kind: 'other-topic', topicId: OTHER.id, address, sentence: null });
    assert.equal(text, 'Your post links to Feeds and readers, but the ping was for Static site generators.');
    const form = $('form:has([name=topic])');
    assert.deepEqual(
      [form.attr('method'), form.attr('action'), said(form.text())],
      ['post', '/where-is-my-ping', 'List it under Feeds and readers'],
    );
    assert.deepEqual(
      [form.find('[name=topic]').val(), form.find('[name=url]').val()],
      ['feeds-and-readers', 'https://marigold.example/choosing'],
    );
    assert.deepEqual(json.nearestMiss, { kind: 'other-topic', topic: OTHER.slug, address, sentence: null });
  });

  it('(e) the address as text', () => {
    const { text, found } = miss({ kind: 'not-a-link', address: TOPIC, sentence: `See ${TOPIC}` });
    assert.equal(text, 'The address stands in the text but is not a link.');
    assert.match(found, /^Your post says https:/);
  });

  it('(f) a hidden link', () => {
    const { text } = miss({ kind: 'hidden', address: TOPIC, sentence: null });
    assert.equal(text, 'The link is there, but hidden from readers.');
  });

  it('(g) links, but none to this hub', () => {
    assert.equal(miss({ kind: 'elsewhere' }).text, 'None of the 23 links in the post leads to this hub.');
    assert.equal(miss({ kind: 'elsewhere' }, 1).text, 'The one link in the post does not lead to this hub.');
  });

  it('(h) no links at all', () => {
    assert.equal(
      miss({ kind: 'no-links' }, 0).text,
      'We found no links in the HTML of this page. If it is built by JavaScript, we cannot see them.',
    );
  });
});

describe('the marked difference', () => {
  const marks = (found: string) => {
    const { wanted, found: theirs } = markDifference('https://hub.example/t/a-topic', found);
    assert.equal(theirs.before + theirs.mark + theirs.after, found, 'shown as it was written');
    return [wanted.mark, theirs.mark, theirs.words];
  };

  it('says what is missing, what is too much, and what stands in its place', () => {
    assert.deepEqual(marks('https://hub.example/t/a-opic'), ['t', '', ', here the t is missing']);
    assert.deepEqual(marks('https://hub.example/t/a-topics'), ['', 's', ', here the s is too much']);
    assert.deepEqual(marks('https://hub.example/t/b-topic'), [
      'a',
      'b',
      ', here the b stands in place of the a',
    ]);
    assert.deepEqual(marks('https://hub.example/t/atopic'), ['-', '', ', here the hyphen is missing']);
    assert.deepEqual(marks('https://hub.example/a-topic'), ['t/', '', ', here “t/” is missing']);
  });

  it('passes over what makes no difference', () => {
    assert.deepEqual(marks('http://www.hub.example/t/a-topi'), ['c', '', ', here the c is missing']);
    assert.deepEqual(marks('//hub.example/t/a-topi'), ['c', '', ', here the c is missing']);
  });

  it('of a repeated letter, and of nothing', () => {
    assert.deepEqual(marks('https://hub.example/t/aa-topic'), ['', 'a', ', here the a is too much']);
    assert.deepEqual(marks('https://hub.example/t/a-topic'), ['', '', ', nothing differs to the eye']);
    assert.deepEqual(marks(''), ['hub.example/t/a-topic', '', ', here “hub.example/t/a-topic” is missing']);
  });
});
