import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio';
import fc from 'fast-check';
import { BLOCK_END, walkPage } from '../../server/verification/walk-page.ts';
import { holds } from '../support/property.ts';

const word = fc.oneof(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.constantFrom(
    'naïve',
    '記事',
    '&amp;',
    '&lt;b&gt;',
    '&eacute;',
    '&#8217;',
    '&#x1F600;',
    '&nbsp;',
    'a < b',
    'AT&T',
    '"',
    "it's",
  ),
);
const words = fc.array(word, { minLength: 1, maxLength: 4 }).map(list => list.join(' '));
const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true }).map(url => url.replace(/&/g, '&amp;').replace(/"/g, '&quot;')),
  fc.constantFrom(
    '/post',
    '../x',
    '?a=1&b=2',
    '?a=1&amp;copy=2',
    '#top',
    '',
    ' https://hub.example/t1 ',
    'https&#58;//hub.example',
  ),
);
const attribute = fc.tuple(
  fc.constantFrom('class', 'title', 'data-href', 'rel', 'id', 'hidden'),
  fc.constantFrom('x', 'a > b', '<a href=/no>', ''),
);
/** Attributes in any order and any quotes, the one that leads somewhere among them. */
const tag = (name: string, leads: [string, string] | null) =>
  fc
    .tuple(
      fc.uniqueArray(attribute, { maxLength: 2, selector: ([own]) => own }),
      fc.boolean(),
      fc.boolean(),
      fc.nat(2),
    )
    .map(([others, upper, single, at]) => {
      const all = leads ? [...others.slice(0, at), leads, ...others.slice(at)] : others;
      const quote = single ? "'" : '"';
      const written = all.map(
        ([own, value]) =>
          ` ${upper ? own.toUpperCase() : own}=${quote}${value.replaceAll("'", '&#39;')}${quote}`,
      );
      return `<${upper ? name.toUpperCase() : name}${written.join('')}>`;
    });

const comment = fc.constantFrom(
  '<!-- <a href="/no">no</a> -->',
  '<!---->',
  '<!--[if IE]><p>no</p><![endif]-->',
);
const aside = fc.constantFrom(
  '<script>var a = "<a href=/no>";</script>',
  '<style>p > a { color: red }</style>',
  '<template><a href="/no">no</a></template>',
);
const image = address.chain(src => tag('img', ['src', src]));
const plain = (inner: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('em', 'strong', 'b', 'span', 'code'), inner)
    .map(([name, text]) => `<${name}>${text}</${name}>`);

/** What stands in a line: no link in a link, for then the tree is built otherwise than it was written. */
const unlinked = fc.oneof({ weight: 3, arbitrary: words }, image, plain(words), comment, fc.constant('<br>'));
const link = fc
  .tuple(
    address.chain(href => tag('a', ['href', href])),
    unlinked,
  )
  .map(([open, text]) => `${open}${text}</a>`);
const quote = fc
  .tuple(
    address.chain(cite => tag('q', ['cite', cite])),
    words,
  )
  .map(([open, text]) => `${open}${text}</q>`);
const line = fc
  .array(fc.oneof(unlinked, link, quote, plain(link)), { minLength: 1, maxLength: 4 })
  .map(parts => parts.join(' '));

const { block } = fc.letrec<{ block: string }>(tie => {
  const blocks = fc.array(tie('block'), { minLength: 1, maxLength: 3 }).map(list => list.join('\n'));
  return {
    block: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      line.map(text => `<p>${text}</p>`),
      fc.tuple(fc.constantFrom('h1', 'h2'), line).map(([name, text]) => `<${name}>${text}</${name}>`),
      fc
        .array(line, { minLength: 1, maxLength: 3 })
        .map(items => `<ul>${items.map(item => `<li>${item}</li>`).join('')}</ul>`),
      fc
        .array(line, { minLength: 1, maxLength: 3 })
        .map(
          cells => `<table><tbody><tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr></tbody></table>`,
        ),
      aside,
      fc
        .tuple(fc.constantFrom('div', 'article', 'section'), blocks)
        .map(([name, inner]) => `<${name}>${inner}</${name}>`),
      fc
        .tuple(
          address.chain(cite => tag('blockquote', ['cite', cite])),
          blocks,
        )
        .map(([open, inner]) => `${open}${inner}</blockquote>`),
    ),
  };
});

const pages = fc
  .tuple(
    words,
    fc.option(address.filter(href => href !== '')),
    fc.array(block, { minLength: 1, maxLength: 4 }),
  )
  .map(
    ([title, base, blocks]) =>
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${
        base === null ? '' : `<base href="${base}">`
      }<meta name="author" content="x"></head><body>${blocks.join('\n')}</body></html>`,
  );

/** Spaces differ, because the walk ends blocks where a tree has none. */
const letters = (text: string) => text.replaceAll(BLOCK_END, '').replace(/\s/g, '');

describe('the walk over an ordinary page', () => {
  it('sees the links, the text and the headings that a tree has', () => {
    holds(pages, html => {
      const $ = load(html);
      $('script, style, template').remove();
      const walked = walkPage(html);
      const leading = $('a[href], area[href], img[src], q[cite], blockquote[cite]');
      assert.deepEqual(
        walked.links.map(({ href }) => href),
        leading.toArray().map(node => $(node).attr('href') ?? $(node).attr('src') ?? $(node).attr('cite')),
      );
      assert.equal(walked.linkCount, $('a[href]').length);
      assert.equal(walked.base, $('base').attr('href') ?? null);
      assert.equal(walked.title, $('title').text());
      assert.equal(letters(walked.h1), letters($('h1').first().text()));
      assert.equal(letters(walked.text), letters($('body').text()));
      assert.equal(load(walked.metaTags)('meta').length, $('meta').length);
    });
  });
});
