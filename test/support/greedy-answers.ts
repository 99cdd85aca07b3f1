import { brotliCompressSync, gzipSync } from 'node:zlib';

const MIB = 1024 * 1024;
const bomb = () => Buffer.alloc(50 * MIB, ' ');
const LINK = '<a href="https://hub.example/t1">x</a>';
const LATIN_1 = Buffer.from('<p>Les \xe9l\xe8ves \xe9taient d\xe9j\xe0 l\xe0.', 'latin1');
const WRONGLY = '<meta charset="euc-jp"><?xml version="1.0" encoding="gbk"?>';

/** Answers of the largest size and of the worst kinds, by the ids of the threats where they have some. */
export const GREEDY_ANSWERS: Readonly<Record<string, { body: () => Buffer; coding?: string }>> = {
  'an ordinary page': { body: () => Buffer.from(`<p>${'An ordinary page. '.repeat(50_000)}${LINK}`) },
  'F13 gzip': { body: () => gzipSync(bomb()), coding: 'gzip' },
  'F14 br': { body: () => brotliCompressSync(bomb()), coding: 'br' },
  'F19 50 MiB': { body: bomb },
  H01: { body: () => Buffer.from('<div>'.repeat(MIB / 5)) },
  H06: { body: () => Buffer.from(`<a${' a0'.repeat(MIB / 3 - 2)}>`) },
  'H12 links': { body: () => Buffer.from(LINK.repeat(MIB / LINK.length)) },
  'no charset': { body: () => LATIN_1 },
  'no charset, 1 MiB': { body: () => Buffer.concat(Array(MIB / 32).fill(LATIN_1)).subarray(0, MIB) },
  'wrong charset, 1 MiB': {
    body: () => Buffer.concat([Buffer.from(WRONGLY), ...Array(MIB / 32).fill(LATIN_1)]).subarray(0, MIB),
  },
  'H12 &amp;': { body: () => Buffer.from('&amp;'.repeat(MIB / 5)) },
  'H12 <': { body: () => Buffer.from('<'.repeat(MIB)) },
};
