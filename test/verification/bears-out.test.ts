import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bearsOut, foldText } from '../../server/verification/bears-out.ts';

const PAGE = foldText(
  'Orion in Winter \u2029 Three stars in a row – “seen” from the village. Zoe\u0308 日本語の抜粋 12',
);

describe('a page bears out words that stand on it', () => {
  it('letter case, punctuation and white space aside', () => {
    for (const words of [
      'Orion in Winter',
      'orion IN   winter!',
      'three stars in a row: seen from',
      'Zoë',
      '日本語 の 抜粋',
      'Winter Three',
      '12',
    ]) {
      assert.ok(bearsOut(words, PAGE), words);
    }
  });

  it('also where the sender cut them off', () => {
    for (const words of [
      'Three stars in a row…',
      'Three stars in a…',
      '[...] stars in a row – “seen [...]',
      '[…] Orion […]',
    ]) {
      assert.ok(bearsOut(words, PAGE), words);
    }
  });

  it('S08 but not others', () => {
    for (const words of ['Orion in Summer', 'Three stars from the village', 'Orión', 'Casino']) {
      assert.ok(!bearsOut(words, PAGE), words);
    }
  });

  it('nor words without a letter or digit', () => {
    for (const words of ['', '…', '!!!', ' \n', '😀']) assert.ok(!bearsOut(words, PAGE), words);
  });
});

describe('the comparison', () => {
  it('agrees with the plain search on texts that repeat themselves', () => {
    const pieces = ['ab', 'aab', 'abaab', 'ba'];
    let seed = 7;
    const next = (most: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % most;
    };
    const word = (length: number) => Array.from({ length }, () => pieces[next(4)]).join('');
    for (let round = 0; round < 500; round++) {
      const text = word(20);
      const words = word(1 + next(4));
      assert.equal(bearsOut(words, text), text.includes(words), `${words} in ${text}`);
    }
  });

  it('is linear in a text that was written against it, and in marks without end', () => {
    const text = 'a'.repeat(1_000_000);
    const words = `${'a'.repeat(1000)}b${'a'.repeat(1000)}`;
    assert.ok(!bearsOut(words, text));
    assert.ok(bearsOut(words, text + words));
    assert.equal(foldText(`x${'\u0323\u0301'.repeat(500_000)}y`).length, 8);
  });

  it('takes letters beyond the first plane, and lone surrogates for none', () => {
    assert.equal(foldText('𝐀\ud83d-𠮷'), '𝐀𠮷');
  });
});
