import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BLOCK_END, walkPage } from '../../server/verification/walk-page.ts';

const hrefs = (html: string) => walkPage(html).links.map(link => link.href);

/** The visible text, one line for each block. */
const lines = (html: string) =>
  walkPage(html)
    .text.split(BLOCK_END)
    .filter(line => line.trim() !== '');

const HUB = 'https://hub.example/t1';
const LINK = `<a href="${HUB}">night sky</a>`;

describe('what is a link', () => {
  it('every attribute that a reader or the browser follows', () => {
    for (const tag of [
      `<a href="${HUB}">x</a>`,
      `<area href="${HUB}">`,
      `<img src="${HUB}">`,
      `<audio src="${HUB}"></audio>`,
      `<video src="${HUB}"></video>`,
      `<video><source src="${HUB}"></video>`,
      `<blockquote cite="${HUB}">x</blockquote>`,
      `<q cite="${HUB}">x</q>`,
    ]) {
      assert.deepEqual(hrefs(tag), [HUB], tag);
    }
  });

  it('L11 hidden or not, however it is written', () => {
    for (const tag of [
      `<A HREF='${HUB}'>x</A>`,
      `<a href=${HUB}>x`,
      `<a\nclass="x"\thref = "${HUB}" id=y/>x`,
      '<a href="https&#58;//hub.example&sol;t1">x</a>',
      `<p title="a > b"><b><a rel="ugc" href="${HUB}"><img></a>`,
      `<div hidden style="display:none">${LINK}</div>`,
      `</p></div>${LINK}`,
      `<svg><a href="${HUB}">x</a></svg>`,
    ]) {
      assert.deepEqual(hrefs(tag), [HUB], tag);
    }
  });

  it('the first of duplicate attributes counts, even when it is empty', () => {
    assert.deepEqual(hrefs('<a href=/one href=/two>'), ['/one']);
    assert.deepEqual(hrefs('<a href HREF=/two>'), ['']);
  });

  it('L05 inside noscript too', () => {
    assert.deepEqual(hrefs(`<noscript>${LINK}</noscript>`), [HUB]);
  });

  it('L01 L02 L07 but not an address in text, or in another attribute', () => {
    for (const html of [
      '<p>nothing</p>',
      `<p>${HUB}</p>`,
      `<p title='${LINK}'>x</p>`,
      `<a title="${HUB}" data-href="${HUB}">x</a>`,
      `<link href="${HUB}">`,
      `<form action="${HUB}">`,
      '<a>x</a>',
    ]) {
      assert.deepEqual(hrefs(html), [], html);
    }
  });

  it('L03 not in a comment, however it ends', () => {
    for (const html of [`<!-- ${LINK} -->`, `<!-- ${LINK}`, `<!--x--!><!-- ${LINK} ->`, `<! ${HUB} >`]) {
      assert.deepEqual(hrefs(html), [], html);
    }
    assert.deepEqual(hrefs(`<!-->${LINK}-->`), [HUB]);
  });

  it('L04 L05 not where everything is text', () => {
    for (const tag of 'script style title textarea iframe noembed noframes xmp'.split(' ')) {
      assert.deepEqual(hrefs(`<${tag}>${LINK}</${tag}><p>x`), [], tag);
      assert.deepEqual(hrefs(`<${tag}>${LINK}</${tag.toUpperCase()} >${LINK}`), [HUB], tag);
      assert.deepEqual(hrefs(`<${tag}/>${LINK}`), [], `${tag} closes itself only in XML`);
    }
    assert.deepEqual(hrefs(`<plaintext>${LINK}</plaintext>${LINK}`), []);
  });

  it('not in a template, nor in those it holds', () => {
    assert.deepEqual(hrefs(`<template>${LINK}<template></template>${LINK}</template>`), []);
    assert.deepEqual(hrefs(`<template><template></template></template>${LINK}`), [HUB]);
    assert.deepEqual(hrefs(`</template>${LINK}<template>${LINK}`), [HUB]);
  });

  it('L08 not before its tag is closed', () => {
    assert.deepEqual(hrefs(`<p>x</p><a href="${HUB}"`), []);
    assert.deepEqual(hrefs(`<p>x</p><a href="${HUB}>x</a>`), []);
  });

  it('an address of a megabyte is cut, not kept', () => {
    const [href] = hrefs(`<a href="${'&amp;'.repeat(200_000)}">x</a>`);
    assert.equal(href, '&'.repeat(2049));
  });
});

describe('the count of links', () => {
  it('is of those for readers, and goes on where they are no longer kept', () => {
    const { links, linkCount } = walkPage(`<img src=/a>${'<a href=/x>'.repeat(60_000)}<area href=/y>`);
    assert.equal(linkCount, 60_001);
    assert.equal(links.length, 50_000);
  });
});

describe('the base', () => {
  it('is the first that names an address, outside templates', () => {
    assert.equal(
      walkPage('<template><base href=/no></template><base><base href=/one><base href=/two>').base,
      '/one',
    );
    assert.equal(walkPage('<p>').base, null);
  });
});

describe('the text', () => {
  it('is what is seen, with entities decoded, in blocks', () => {
    const html = `<html><head><title>T &amp; t</title><style>s{}</style></head><body><h1>One <i>&eacute;</i></h1>
      <p>a&lt;b<br>c<!-- no --> d</p><script>no()</script><ul><li>x<li>y</ul><td>1</td><td>2</td>&#x1F600;</body>`;
    assert.deepEqual(
      lines(html).map(line => line.replace(/\s+/g, ' ').trim()),
      ['One é', 'a<b c d', 'x', 'y', '1', '2', '😀'],
    );
  });

  it('has each link at its place', () => {
    const { text, links } = walkPage(`<p>before <b>the ${LINK} after</p><img src=/i>`);
    assert.deepEqual(
      links.map(({ textAt }) => text.slice(textAt, textAt + 9)),
      ['night sky', ''],
    );
  });

  it('and the title and the first heading are told apart', () => {
    const html = '<title>One</title><h1>A <b>b</b></h1><svg><title>icon</title></svg><h1>Second</h1>';
    const { title, h1 } = walkPage(html);
    assert.equal(title, 'One');
    assert.equal(h1, 'A b');
    assert.equal(walkPage('</h1><p>x</p><h1>never closed').h1, '');
    assert.equal(walkPage('<template><title>no</title></template><title>yes</title>').title, 'yes');
  });

  it('ends where a template that is never closed begins', () => {
    assert.deepEqual(lines('<p>seen</p><template><p>hidden'), ['seen']);
  });
});

describe('the tags set aside', () => {
  it('are html and meta, as written', () => {
    const html =
      '<!doctype html><HTML lang=de><head><meta charset=utf-8><link><META name="a" content="1 > 0"></head>';
    assert.equal(
      walkPage(html).metaTags,
      '<HTML lang=de><meta charset=utf-8><META name="a" content="1 > 0">',
    );
  });

  it('are few and short', () => {
    assert.equal(walkPage('<meta>'.repeat(2000)).metaTags.length, '<meta>'.length * 1000);
    const long = `<meta content="${'x'.repeat(65_600)}">`;
    assert.equal(walkPage(`${long}<meta name=a>`).metaTags, '<meta name=a>');
  });
});
