import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SaxesAttributeNS, SaxesParser } from 'saxes';
import type { Topic } from '../../server/topics/topic.ts';
import { topicPage } from '../../server/topics/topic-page.ts';
import { openPage, urls } from '../support/pages.ts';
import { anEmptyTopic, aTopic } from '../support/samples.ts';

const ADDRESS = 'https://hub.example/t/static-site-generators';

const pageOf = (topic: Topic) =>
  topicPage({ topic, entries: [], older: null, first: true, nearby: [], urls });

const sourceOf = (topic = aTopic()): string => openPage('topic', pageOf(topic)).html;

/** The one comment of the page, without its ends. */
function blockOf(html: string): string {
  const [comment, ...more] = html.match(/<!--.*?-->/gs) ?? [];
  assert.equal(more.length, 0);
  return comment?.slice(4, -3) ?? assert.fail('there is no comment');
}

/** The attributes of `rdf:Description` as an XML reader takes them. */
function descriptionOf(html: string): Record<string, string> {
  const found: Record<string, string>[] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', error => {
    throw error;
  });
  parser.on('opentag', tag => {
    if (tag.name !== 'rdf:Description') return;
    const attributes = Object.values(tag.attributes) as SaxesAttributeNS[];
    found.push(Object.fromEntries(attributes.map(({ uri, local, value }) => [uri + local, value])));
  });
  parser.write(blockOf(html).trim()).close();
  assert.equal(found.length, 1);
  return found[0] as Record<string, string>;
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const DC = 'http://purl.org/dc/elements/1.1/';
const TRACKBACK = 'http://madskills.com/public/xml/rss/module/trackback/';

test('the block is well-formed RDF that names the topic and its ping address', () => {
  assert.deepEqual(descriptionOf(sourceOf()), {
    [`${RDF}about`]: ADDRESS,
    [`${DC}identifier`]: ADDRESS,
    [`${DC}title`]: 'Static site generators',
    [`${TRACKBACK}ping`]: `${ADDRESS}/trackback`,
  });
});

test('real clients, which read it by regular expression, find the ping address', () => {
  const html = sourceOf();
  const rdf = /<rdf:RDF.*?<rdf:Description\s(.*?)\/>\s*<\/rdf:RDF>/s.exec(html)?.[1] ?? '';
  assert.equal(/dc:identifier="([^"]+)"/.exec(rdf)?.[1], ADDRESS);
  assert.equal(/rdf:about="([^"]+)"/.exec(rdf)?.[1], ADDRESS);
  assert.equal(/trackback:ping="([^"]+)"/.exec(rdf)?.[1], `${ADDRESS}/trackback`);
  assert.equal(
    /trackback:ping(?:\s+rdf:resource)?\s*=\s*["'](https?:[^"']+)["']/.exec(html)?.[1],
    `${ADDRESS}/trackback`,
  );
});

test('it ends within the first 30 lines, which is all that some clients fetch', () => {
  for (const topic of [aTopic(), anEmptyTopic()]) {
    const top = sourceOf(topic).split('\n').slice(0, 30).join('\n');
    assert.ok(top.includes('</rdf:RDF>\n-->'));
  }
});

test('there is exactly one, so that no other address can match', () => {
  assert.equal(sourceOf().match(/<rdf:Description/g)?.length, 1);
});

/** The expression of Pingback 1.0, section 2.2, word for word; and what WordPress does: the next `href=`. */
const PINGBACK = /<link rel="pingback" href="([^"]+)" ?\/?>/g;
const asWordPress = (html: string) =>
  /^href="([^"]+)"/.exec(html.slice(html.indexOf('href=', html.indexOf('rel="pingback"'))))?.[1];

test('the Pingback link is there in exactly the form of the specification, once', () => {
  for (const topic of [aTopic(), anEmptyTopic()]) {
    const html = sourceOf(topic);
    assert.deepEqual(
      [...html.matchAll(PINGBACK)].map(match => match[1]),
      ['https://hub.example/pingback'],
    );
    assert.equal(
      html.match(/pingback"/gi)?.length,
      2,
      'the link, and nothing else that could be taken for it',
    );
    assert.equal(asWordPress(html), 'https://hub.example/pingback');
  }
});

test('the Webmention endpoint is there as a link element, once', () => {
  const { $ } = openPage('topic', pageOf(aTopic()));
  assert.deepEqual(
    $('[rel~=webmention]')
      .get()
      .map(link => [link.name, $(link).attr('href')]),
    [['link', 'https://hub.example/webmention']],
  );
});

test('a page of older posts, to which a link is no link to the topic, advertises no door', () => {
  const older = { ...pageOf(aTopic()), first: false };
  const { html } = openPage('topic', older);
  assert.doesNotMatch(html, /rel="(?:pingback|webmention|trackback)"|<rdf:RDF|<!--/);
});

const HOSTILE = [
  'Tea -- and --- biscuits--',
  'The "best" of <b>bold</b> & brave',
  "It's a = b ` c",
  '--><script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '" /></rdf:RDF>--><img src=x onerror=alert(1)>',
  '{{constructor}} {{{title}}}',
  '<link rel="pingback" href="https://evil.example/">',
  'rel="pingback" href="https://evil.example/" rel="webmention"',
];

for (const title of HOSTILE) {
  test(`a title is only a title: ${title}`, () => {
    const topic = aTopic({ title });
    const html = sourceOf(topic);
    const { $ } = openPage('topic', pageOf(topic));
    assert.equal($('h1').text(), title);
    assert.equal($('title').text(), `${title} · topichub`);
    assert.equal($('link[rel=alternate]').attr('title'), `${title} (RSS)`);
    assert.equal($('img, script:not([src]), b:not(.facts b, code b)').length, 0);
    assert.ok(!blockOf(html).includes('--'));
    assert.deepEqual(
      [...html.matchAll(PINGBACK)].map(match => match[1]),
      ['https://hub.example/pingback'],
    );
    assert.equal(asWordPress(html), 'https://hub.example/pingback');
    assert.equal(descriptionOf(html)[`${DC}title`], title.replace(/-+/g, '-'));
  });
}
