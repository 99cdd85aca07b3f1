import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { load } from 'cheerio';
import { followEverythingPage, followTopicPage } from '../../server/feeds/follow-page.ts';
import { noSuchTopicPage } from '../../server/feeds/no-such-topic-page.ts';
import type { Mention } from '../../server/mentions/mention.ts';
import { explain } from '../../server/receipts/explain.ts';
import { receiptPage } from '../../server/receipts/receipt-page.ts';
import { type Asked, wherePage } from '../../server/receipts/where-page.ts';
import { howToPingPage } from '../../server/submit/how-to-ping-page.ts';
import { shownPreview } from '../../server/submit/preview.ts';
import type { Problem } from '../../server/submit/problems.ts';
import { submitPage } from '../../server/submit/submit-page.ts';
import { directoryPage } from '../../server/topics/directory-page.ts';
import { topicPage } from '../../server/topics/topic-page.ts';
import { pingAddressPage } from '../../server/trackback/ping-address-page.ts';
import type { DryRun } from '../../server/verification/dry-run.ts';
import { BROKEN_PAGE } from '../../server/web/broken-page.ts';
import { notFoundPage } from '../../server/web/not-found-page.ts';
import { createViews } from '../../server/web/views.ts';
import { site, urls } from '../support/pages.ts';
import {
  aDryRun,
  aListed,
  aListedMention,
  aMention,
  aNearMiss,
  anEmptyTopic,
  aTopic,
} from '../support/samples.ts';

const NOTHING = { url: '', topic: '' };
const PROBLEMS: Problem[] = [
  { field: 'url', words: 'Enter the address of your post' },
  { field: 'topic', words: 'Choose a topic' },
  { field: null, words: 'Come back later' },
];

/** What holds for every page there is. A new page belongs in this list. */
function everyPage(): Record<string, string> {
  const views = createViews(site);
  const topic = aTopic();
  const empty = anEmptyTopic({ slug: 'letterlocking' });
  const list = {
    entries: [aListed()],
    older: { href: urls.older(topic.slug, 'c'), from: 0 },
    first: true,
    nearby: [topic],
    urls,
  };
  const now = Date.parse('2026-07-17T14:03:00Z');
  const explained = (mention: Mention) =>
    explain({ mention, topic, into: null, otherTopic: empty, lookableAt: now + 9_000, now, urls });
  const address = 'https://hub.example/t/static-site-generator';
  const missed = aNearMiss({ kind: 'differs', address, sentence: 'See generators.' }, { id: 'm3nt10n002' });
  const where = (over: Partial<Asked>) =>
    views.page(
      'where',
      wherePage({
        typed: missed.sourceUrl,
        problem: null,
        explained: [],
        refusals: [],
        topics: [topic, empty],
        chosen: '',
        urls,
        ...over,
      }),
    );
  const refused = { key: missed.key, topicId: topic.id, reason: 'removed', day: '2026-07-17' } as const;
  const preview = (dryRun: DryRun) => {
    const source = 'https://marigold.example/choosing';
    const shown = { source, topic, topics: [topic], siteName: 'topichub', now, urls };
    const page = { typed: { url: source, topic: topic.slug }, topics: [topic] };
    return views.page('submit', submitPage({ ...page, preview: shownPreview(dryRun, shown) }));
  };
  return {
    receipt: views.page('receipt', receiptPage(explained(aListedMention()))),
    'receipt of a miss': views.page('receipt', receiptPage(explained(missed))),
    'receipt of a look to come': views.page('receipt', receiptPage(explained(aMention()))),
    'where is my ping': where({ typed: null }),
    'where, one ping': where({ explained: [explained(missed)] }),
    'where, two pings': where({
      explained: [explained(aListedMention()), explained(missed)],
      refusals: [{ ...refused, count: 2, last: now }],
    }),
    'where, turned away': where({ refusals: [{ ...refused, topicId: null, count: 1, last: now }] }),
    'where, nothing known': where({}),
    'where, no topic chosen': where({ problem: 'unknown-topic' }),
    'where, no address': where({ typed: '', problem: 'no-address' }),
    topic: views.page('topic', topicPage({ topic, ...list })),
    'older posts': views.page('topic', topicPage({ topic, ...list, first: false })),
    'empty topic': views.page('topic', topicPage({ topic: empty, ...list, entries: [], older: null })),
    directory: views.page('directory', directoryPage({ topics: [topic, empty], now: Date.now(), urls })),
    'not found': views.page(
      'not-found',
      notFoundPage({ address: 'x', slug: 'nigth', topics: [topic], urls }),
    ),
    'submit a post': views.page('submit', submitPage({ typed: NOTHING, topics: [topic] })),
    'submit, with problems': views.page(
      'submit',
      submitPage({ typed: NOTHING, topics: [topic], problems: PROBLEMS }),
    ),
    'submit, the store away': views.page('submit', submitPage({ typed: NOTHING, topics: null })),
    'preview of a post': preview(aDryRun()),
    'preview of a miss': preview(aDryRun({ miss: { kind: 'differs', address, sentence: 'See.' } })),
    'how to ping': views.page('how-to-ping', howToPingPage({ topics: [topic], chosen: '', urls })),
    'how to ping a topic': views.page(
      'how-to-ping',
      howToPingPage({ topics: [topic], chosen: topic.slug, urls }),
    ),
    'ping address': views.page('ping-address', pingAddressPage({ topic, urls })),
    'follow a topic': views.page(
      'follow',
      followTopicPage({ topic, topics: [topic, empty], now: Date.now(), urls }),
    ),
    'follow everything': views.page(
      'follow',
      followEverythingPage({ topics: [topic, empty], now: Date.now(), urls }),
    ),
    'no such topic': views.page(
      'no-such-topic',
      noSuchTopicPage({ missing: ['leterlocking'], topics: [topic, empty], urls }),
    ),
    broken: views.page('broken', BROKEN_PAGE),
  };
}

for (const [name, html] of Object.entries(everyPage())) {
  const $ = load(html);

  test(`${name}: nothing inline that the content security policy would stop`, () => {
    assert.equal($('style, script:not([src]), [style]').length, 0);
    assert.doesNotMatch(html, /<[^>]+\son\w+=/);
  });

  test(`${name}: links of ours lead only to what answers`, () => {
    const own = $('a, form, link')
      .toArray()
      .map(link => $(link).attr('href') ?? $(link).attr('action') ?? '')
      .filter(href => href.startsWith(urls.home) || href.startsWith('/') || href.startsWith('#'));
    assert.notEqual(own.length, 0);
    for (const href of own) {
      if (href.startsWith('#')) assert.equal($(href).length, 1, href);
      else
        assert.match(
          href.replace('https://hub.example', ''),
          /^\/(?:pingback|webmention|t\/[a-z-]+(?:\/trackback|\/follow|\.rss|\.atom|\.json|\?before=c|#p\w+)?|pings\/\w{10}(?:\/look)?|where-is-my-ping|how-to-ping|submit(?:\?topic=[a-z-]+)?|follow|feed\.(?:rss|atom|json)|\w+\.\w+\?v=b1)?$/,
        );
    }
  });

  test(`${name}: one h1, and no level of heading is skipped`, () => {
    // The summary of what is wrong stands above it all.
    const levels = $('h1, h2, h3')
      .not('.problem > h2')
      .toArray()
      .map(heading => Number(heading.tagName.slice(1)));
    assert.equal(levels.filter(level => level === 1).length, 1);
    levels.reduce((above, level) => {
      assert.ok(level - above <= 1, levels.join(' '));
      return level;
    }, 0);
  });

  test(`${name}: at most one stamp, and a label for every field`, () => {
    assert.ok($('.stamp').length <= 1);
    for (const field of $('input:not([type=hidden]), select').toArray())
      assert.equal($(`label[for=${$(field).attr('id')}]`).length, 1);
  });

  test(`${name}: every id is there once, and every label it refers to`, () => {
    const ids = $('[id]')
      .toArray()
      .map(named => $(named).attr('id'));
    assert.equal(new Set(ids).size, ids.length);
    for (const name of ['aria-labelledby', 'aria-describedby', 'for']) {
      for (const labelled of $(`[${name}]`).toArray()) {
        for (const id of String($(labelled).attr(name)).split(' ')) assert.ok(ids.includes(id), id);
      }
    }
  });

  test(`${name}: none of the words that readers confuse`, () => {
    const words = load(html);
    // What is quoted to the letter is not ours.
    words('pre').remove();
    assert.doesNotMatch(words.text(), /permalink|trackback url|webhook|payload|entity|oops|!/i);
  });

  test(`${name}: a script only where there is something to copy`, () => {
    assert.equal($('script').length, $('[data-copy]').length > 0 ? 1 : 0);
  });
}

const publicFile = (name: string) => readFileSync(new URL(`../../public/${name}`, import.meta.url));

test('stylesheet and script keep to their weight', () => {
  const css = publicFile('site.css');
  assert.ok(css.length <= 26_000, `${css.length} bytes`);
  assert.ok(gzipSync(css).length <= 7_000, `${gzipSync(css).length} bytes of gzip`);
  assert.ok(publicFile('copy.js').length <= 600);
});

test('a topic page of 50 posts keeps to its weight', () => {
  // Words in an order of no pattern, so that gzip finds no more to save than in real posts.
  let seed = 1;
  const next = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  const word = () => Array.from({ length: 3 + next(7) }, () => String.fromCharCode(97 + next(26))).join('');
  const words = (letters: number) => {
    let text = word();
    while (text.length < letters) text += ` ${word()}`;
    return text.slice(0, letters);
  };
  const entries = Array.from({ length: 50 }, (_, index) => {
    const host = `${word()}.example`;
    const shown = { title: words(70), excerpt: words(300), blogName: words(20), language: 'de' };
    const listedAt = Date.parse('2026-07-17T14:02:19Z') - index * 9_000_000;
    return aListed({
      id: `m3nt10n${100 + index}`,
      url: `https://${host}/2026/07/${words(30)}`,
      site: host,
      listedAt,
      shown,
    });
  });
  const older = { href: urls.older('static-site-generators', 'c'), from: 0 };
  const model = topicPage({ topic: aTopic(), entries, older, first: true, nearby: [], urls });
  const html = createViews(site).page('topic', model);
  assert.equal(load(html)('article').length, 50);
  assert.ok(Buffer.byteLength(html) <= 65_000, `${Buffer.byteLength(html)} bytes`);
  assert.ok(gzipSync(html).length <= 18_000, `${gzipSync(html).length} bytes of gzip`);
});
