import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanText, cleanWords } from '../../server/text/clean.ts';
import { escapeXml } from '../../server/text/xml.ts';
import { assertWellFormed } from '../support/feed.ts';
import { anyText, holds } from '../support/property.ts';

const TROUBLE =
  '\0\u0007\u000b\u001b\u0085\u007f\u00ad\u0301\u0323\u200b\u200c\u200d\u200e\u202e\u2066\u2028\u3000\ufeff\ufffe\uffff👨👩é \n\t<>&;"\'ế한';

const texts = anyText(TROUBLE);
const lengths = fc.constantFrom(1, 5, 100, 300);
const graphemes = (text: string) =>
  [...new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)].length;

const FORBIDDEN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]/;

describe('T17-T32 cleaned text', () => {
  it('holds nothing that XML forbids, no controls, and nothing that turns the text round it', () => {
    holds(fc.tuple(texts, lengths), ([text, most]) => {
      const clean = cleanText(text, most);
      if (clean === null) return;
      assert.doesNotMatch(clean, FORBIDDEN);
      assert.ok(clean.isWellFormed());
      assert.equal(clean, clean.trim());
      assertWellFormed(`<t a="${escapeXml(clean)}">${escapeXml(clean)}</t>`);
    });
  });

  it('is never longer than it may be', () => {
    holds(fc.tuple(texts, lengths), ([text, most]) => {
      assert.ok(graphemes(cleanText(text, most) ?? '') <= most);
    });
  });

  it('is clean: cleaning it again changes nothing', () => {
    holds(fc.tuple(texts, lengths), ([text, most]) => {
      const once = cleanText(text, most);
      if (once !== null) assert.equal(cleanText(once, most), once);
    });
  });

  it('has no element left, whatever the markup was', () => {
    const markup = fc
      .array(
        fc.constantFrom(
          '<b>',
          '</b>',
          '<script>',
          '</script>',
          '<img src=x onerror=y>',
          '<!--',
          '-->',
          '<',
          '>',
          'x',
          ' ',
        ),
      )
      .map(pieces => pieces.join(''));
    holds(markup, html => {
      assert.doesNotMatch(cleanWords({ title: html }).title ?? '', /<(?:b|script|img)\b[^<]*>/);
    });
  });
});
