import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findLinks } from '../../server/verification/find-link.ts';

const PAGE = 'https://blog.example/2026/post';
const TARGETS = new Set(['hub.example/t1', 'hub.example/t1.rss', 'localhost:3000/t1']);

const find = (hrefs: string[], base: string | null = null, page = PAGE) => {
  const links = hrefs.map((href, textAt) => ({ href, textAt }));
  return new Map(Array.from(findLinks({ links, base }, page, TARGETS), ([key, link]) => [key, link.textAt]));
};
const leads = (href: string, base: string | null = null, page = PAGE) => find([href], base, page).size === 1;

describe('a link leads to a target', () => {
  it('L12 however its address is written', () => {
    for (const href of [
      'https://hub.example/t1',
      'http://hub.example/t1/',
      'HTTPS://HUB.example:443/t1#x',
      '//hub.example/t1',
      '//www.hub.example./t1?utm_source=blog',
      ' \n https://hub.example/t1\t',
      'https://hub.exa\nmple/t1',
      'https:\\\\hub.example\\t1',
      'https://hub.example/x/../%741',
      'https://hub.example/t1.rss',
      'http://localhost:3000/t1',
    ]) {
      assert.ok(leads(href), href);
    }
  });

  it('L12 L10 and to no other', () => {
    for (const href of [
      'https://hub.example/t1evil',
      'https://hub.example/t2',
      'https://hub.example/T1',
      'https://hub.example/t1?x=1',
      'https://hub.example/',
      'https://hub.evil/t1',
      'https://evil.example/?u=https://hub.example/t1',
      'https://hub.example@evil.example/t1',
      'https://hub.example.evil.example/t1',
      'https://hub.example:8443/t1',
      'http://localhost/t1',
      'javascript://hub.example/t1',
      'ftp://hub.example/t1',
      'mailto:x@hub.example/t1',
      'https://hub.example:99999/t1',
      't1',
      '/t1',
      '',
      `https://hub.example/t1?utm_source=${'x'.repeat(2048)}`,
    ]) {
      assert.ok(!leads(href), href);
    }
  });

  it('L12 also from the base of the page, itself read against the page', () => {
    assert.ok(leads('t1', 'https://hub.example/'));
    assert.ok(leads('../t1', '//hub.example/a/'));
    assert.ok(leads('t1', '/', 'https://hub.example/elsewhere/post'));
    assert.ok(leads('t1', 'javascript:0', 'https://hub.example/post'), 'what is no web address is no base');
    assert.ok(leads('t1', 'http://[', 'https://hub.example/post'));
    assert.ok(!leads('/t1', 'https://evil.example/', 'https://hub.example/post'));
  });

  it('the first to each of them', () => {
    const found = find(['/', 'https://hub.example/t1.rss', '//hub.example/t1', 'https://hub.example/t1/']);
    assert.deepEqual(
      found,
      new Map([
        ['hub.example/t1.rss', 1],
        ['hub.example/t1', 2],
      ]),
    );
  });

  it('H12 among tens of thousands', () => {
    const others = Array.from({ length: 49_999 }, (_, n) =>
      n % 2 ? `https://e.example/${n}` : `http://[${n}`,
    );
    assert.deepEqual(find([...others, 'https://hub.example/t1']), new Map([['hub.example/t1', 49_999]]));
  });

  it('but a page cannot have a long base read again for each of its links', () => {
    const links = Array.from({ length: 50_000 }, () => 'x');
    assert.equal(find(links, `https://hub.example/${'a/'.repeat(1000)}`).size, 0);
    assert.equal(find(links, `https://hub.example/?${'%41&'.repeat(500)}`).size, 0);
  });
});
