import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cleanText, cleanWords } from '../../server/text/clean.ts';
import { escapeXml } from '../../server/text/xml.ts';
import { assertWellFormed } from '../support/feed.ts';

const title = (raw: string) => cleanWords({ title: raw }).title;
const graphemes = (text: string) =>
  [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].length;

describe('cleaning foreign text', () => {
  it('takes tags out first, and then decodes entities once', () => {
    assert.equal(title('Zo&euml; &amp; Co. <b>bold</b>'), 'Zoë & Co. bold');
    assert.equal(title('Vec&lt;T&gt; is fine'), 'Vec<T> is fine');
    assert.equal(title('l&#8217;&eacute;t&eacute; &#8230;'), 'l’été …');
    assert.equal(title('&amp;amp;'), '&amp;', 'T15');
    assert.equal(title('&lt;script&gt;'), '<script>', 'T14');
  });

  it('T01-T04 T10 T12 leaves nothing of elements, and nothing at all of scripts', () => {
    assert.equal(title('<script>alert(1)</script>Hello'), 'Hello');
    assert.equal(title('<style>p{}</style>Hello'), 'Hello');
    assert.equal(title('<img src=x onerror=alert(1)>Hello'), 'Hello');
    assert.equal(title('Hello<svg onload=alert(1)'), 'Hello');
    assert.equal(title('--><script>x</script>Hello'), '-->Hello');
    assert.equal(title('<!-- hidden -->Hello'), 'Hello');
  });

  it('keeps signs that only look like markup', () => {
    assert.equal(title('a < b and I <3 you & me'), 'a < b and I <3 you & me');
    assert.equal(title('{{constructor.constructor("x")()}}'), '{{constructor.constructor("x")()}}', 'T05');
  });

  it('parts words where a block ends, and not where emphasis does', () => {
    assert.equal(title('<p>hub.</p><p>naïve</p>'), 'hub. naïve');
    assert.equal(title('<b>na</b>ïve'), 'naïve');
  });

  it('T17-T21 T25-T28 removes what XML forbids, controls, and what turns the direction of text', () => {
    const hostile =
      '\u0000a\u0007b\u000b\u001b\ufffe\uffff\ud800c\udc00\u0085\u007f\u202ed\u2066e\u200bf\u00adg\u200e';
    const clean = String(title(hostile));
    assert.doesNotMatch(
      clean,
      /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u00ad\ufffe\uffff]/,
    );
    assert.ok(clean.isWellFormed());
    assertWellFormed(`<t>${escapeXml(clean)}</t>`);
  });

  it('keeps joiners, which Persian and families of emoji need', () => {
    assert.equal(title('می‌خواهم 👨‍👩‍👧'), 'می‌خواهم 👨‍👩‍👧');
  });

  it('composes letters and their accents', () => {
    assert.equal(title('e\u0301te\u0301'), 'été');
    assert.equal(
      title('e\u200b\u0301te\u00ad\u0301'),
      'été',
      'though something invisible stood between them',
    );
  });

  it('is null where nothing is left', () => {
    for (const nothing of [
      '',
      '   ',
      '\u200d\u200d',
      '\u3164',
      '\u200b\u202e',
      '<br>',
      '&nbsp;',
      null,
      undefined,
    ]) {
      assert.equal(cleanWords({ title: nothing }).title, null, JSON.stringify(nothing));
    }
  });

  it('T9 T23 cuts to 200, 300 and 100 graphemes, never inside one', () => {
    const family = '👨‍👩‍👧‍👦';
    const cut = cleanWords({
      title: family.repeat(300),
      excerpt: 'あ'.repeat(400),
      blogName: 'e\u0323\u0301'.repeat(200),
    });
    assert.equal(graphemes(String(cut.title)), 200);
    assert.equal(graphemes(String(cut.excerpt)), 300);
    assert.equal(graphemes(String(cut.blogName)), 100);
    assert.ok(cut.title?.endsWith(`${family}…`));
  });

  it('leaves a text alone that just fits', () => {
    const fits = `${'a '.repeat(99)}bc`;
    assert.equal(title(fits), fits);
    assert.equal(title('あ'.repeat(200)), 'あ'.repeat(200));
  });

  it('cuts at a word where there is one near the end', () => {
    const cut = String(title('word '.repeat(60)));
    assert.ok(graphemes(cut) <= 200);
    assert.match(cut, /word…$/);
  });

  it('T31 lets no letter climb over the lines above', () => {
    assert.ok(String(title(`a${'\u0301'.repeat(500)}b`)).length < 12);
  });

  it('T32 takes any length', () => {
    assert.equal(graphemes(String(title('x'.repeat(100_000)))), 200);
    assert.ok(String(cleanText(`a${'\u200d'.repeat(100_000)}`, 200)).length <= 200 * 32);
  });
});
