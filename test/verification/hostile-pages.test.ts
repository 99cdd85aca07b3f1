import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Permit } from '../../server/net/permit.ts';
import type { HopRequest, Wanted } from '../../server/verification/hop.ts';
import { createLookThreads } from '../../server/verification/look-threads.ts';
import { aBlog } from '../support/blog.ts';

const MIB = 1024 * 1024;
const LINK = '<a href="https://hub.example/t1">night sky</a>';

const TARGETS = [{ key: 'hub.example/t1', to: 'page' as const }];

/** A page of one MiB: `piece` as often as it fits, and then the link. */
function fill(piece: string, start = '', end = LINK): string {
  const room = MIB - Buffer.byteLength(start + end);
  return start + piece.repeat(Math.floor(room / Buffer.byteLength(piece))) + end;
}

/** More than are measured, no two the same. */
function manyNearLinks(): string {
  const link = (n: number) => `<p>A sentence. <a href="https://hub.example/${n}${'t1'.repeat(40)}${n}">x</a>`;
  return Array.from({ length: 500 }, (_, n) => link(n)).join('');
}

/** Every page with whether its link counts: it must be read to its end to know. */
const PAGES: [name: string, linked: boolean, html: string][] = [
  ['H01 <div>', true, fill('<div>')],
  ['H02 <ul><li>', true, fill('<ul><li>')],
  ['H03 <b>', true, fill('<b>')],
  ['H03 <p><b id=i>', true, fill('<p><b id=i>')],
  ['H03 <font a=i>', true, fill('<font a=i>')],
  ['H06 attributes', true, fill(' a0', '<a', `>x</a>${LINK}`)],
  ['H06 addresses', true, fill(' href=x', '<a', `>x</a>${LINK}`)],
  ['H07 </p>', true, fill('</p>')],
  ['H08 <table><tr><td>', true, fill('<table><tr><td>')],
  ['H09 <template>', false, fill('<template>')],
  ['H09 <template></template>', true, fill('<template></template>')],
  ['H10 <svg><desc>', true, fill('<svg><desc>')],
  ['H12 links', true, fill('<a href="https://e.example/x">x</a>')],
  [
    'H12 links from a long base',
    false,
    fill('<a href=x>', `<base href="https://hub.example/${'a/'.repeat(1000)}">`),
  ],
  ['H12 more links than are kept', false, fill('<a href=x>')],
  ['H12 <', true, fill('<')],
  ['H12 <!--', false, fill('<!--')],
  ['H12 <!---->', true, fill('<!---->')],
  ['H12 &amp;', true, fill('&amp;')],
  ['H12 &', true, fill('&')],
  ['H12 &amp; in an address', true, fill('&amp;', '<a href="', `">x</a>${LINK}`)],
  ['<html>', true, fill('<html>')],
  ['<meta>', true, fill('<meta name=a content=b>')],
  ['<h1>', true, fill('<h1>a</h1>')],
  ['<br>', true, fill('<br>')],
  ['a title', true, fill('&amp;', '<title>', `</title>${LINK}`)],
  ['marks', true, fill('\u0323\u0301')],
  ['marks in a title', true, fill('\u0323\u0301', '<title>', `</title>${LINK}`)],
  ['spaces', true, fill(' ')],
  ['NUL', true, fill('\0')],
  ['one word', true, fill('a')],
  ['one family', true, fill('👨\u200d')],
  ['links that come near', false, fill(' ', manyNearLinks(), '')],
  ['addresses in text', false, fill('hub.example/t2 ', '', '')],
  ['half an address in text', false, fill('hub.exampl', '', '')],
  ['escaped slashes behind addresses', false, fill(`//hub.example${'\\/'.repeat(20)} `, '<!--', '')],
];

const toLoopback: Permit = async () => ['127.0.0.1'];

const hopTo = (url: string, wanted: Wanted[]): HopRequest => ({
  url,
  leftMs: 60_000,
  wanted,
  hubKeys: ['hub.example'],
  forwardedFor: null,
});

describe('H01-H12 a hostile page of one MiB', () => {
  const broken: Error[] = [];

  it('is read to its end by a thread that outlives it', async test => {
    const blog = await aBlog(test);
    const threads = createLookThreads({
      userAgent: 'topichub (test)',
      // The test is of what is read, not of how long it takes on a busy machine.
      readingMs: 60_000,
      broke: reason => broken.push(reason),
    });
    test.after(threads.close);
    const claim = { title: 'night sky', excerpt: `${'a'.repeat(150)}b${'a'.repeat(149)}`, blogName: null };
    const wanted = [{ id: 'm1', targets: TARGETS, claim }];
    for (const [name, linked, html] of PAGES) {
      blog.put('/post', { type: 'text/html; charset=utf-8', body: Buffer.from(html) });
      const answer = await threads.hop(hopTo(blog.at('/post'), wanted), toLoopback);
      assert.equal(answer.kind, 'page', name);
      assert.ok(answer.kind === 'page' && answer.bytes > MIB - 64 && answer.bytes <= MIB, name);
      assert.equal(answer.kind === 'page' && answer.found[0]?.link !== null, linked, name);
      assert.equal(answer.kind === 'page' && answer.found[0]?.borneOut.excerpt, false, name);
    }
    assert.deepEqual(broken, []);
  });

  it('F24 with its link after that has none', async test => {
    const blog = await aBlog(test);
    const threads = createLookThreads({ userAgent: 'topichub (test)' });
    test.after(threads.close);
    const wanted = [{ id: 'm1', targets: TARGETS, claim: { title: null, excerpt: null, blogName: null } }];
    for (const [room, linked] of [
      [MIB - LINK.length, true],
      [MIB - LINK.length + 20, false],
    ] as const) {
      blog.put('/post', ' '.repeat(room) + LINK);
      const answer = await threads.hop(hopTo(blog.at('/post'), wanted), toLoopback);
      assert.equal(answer.kind === 'page' && answer.found[0]?.link !== null, linked);
      assert.equal(answer.kind === 'page' && answer.bytes, MIB);
    }
  });
});
