import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyOf } from '../../server/mentions/source-key.ts';
import { findLinks, hostOfKey } from '../../server/verification/find-link.ts';

const PAGE = 'https://blog.example/2026/post';
const TARGETS = ['hub.example/t1', 'hub.example/t1.rss', 'localhost:3000/t1'];
const HOSTS = new Set(['hub.example', 'localhost:3000']);

const find = (hrefs: string[], base: string | null = null, page = PAGE) => {
  const links = hrefs.map((href, textAt) => ({ href, textAt }));
  const found = findLinks({ links, base }, page, HOSTS);
  return new Map(TARGETS.flatMap(key => (found.has(key) ? [[key, found.get(key)?.textAt]] : [])));
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
        ['hub.example/t1', 2],
        ['hub.example/t1.rss', 1],
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

describe('what is known to lead elsewhere without resolving it', () => {
  /** Everything that an address can begin with, or be interrupted by, before and behind each host. */
  const FRONTS = [
    '',
    ' ',
    '\t',
    '\0',
    '/',
    '//',
    '\\\\',
    '/\\',
    '/\t/',
    '\n//',
    '?',
    '#',
    'x',
    'x:',
    './',
    '../',
    '~',
    ':',
    '@',
    'ü',
  ];
  const SCHEMES = [
    '',
    'http:',
    'https://',
    'HTTPS://',
    'ht\ntps://',
    'https:/',
    'https:\\\\',
    'https:///',
    'ftp://',
    'http://u@',
    'http://u:p@',
    'http://e.example@',
    'http://e.example/@',
  ];
  const NAMES = [
    'hub.example',
    'HUB.example',
    'www.hub.example.',
    'hub%2Eexample',
    'ｈub.example',
    'hub\u00ad.example',
    'hu\tb.example',
    'xn--hub-.example',
    'hub.example.evil.example',
    'nothub.example',
    'bücher.example',
    'XN--bcher-kva.example',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '[::1]',
    '[0:0::1]',
    'hub',
    '',
  ];
  const TAILS = ['/t1', ':443/t1', ':3000/t1', '\\t1', '?x', '#', '', ':', '@hub.example/t1'];
  const SEARCHES: [page: string, hosts: string[]][] = [
    ['https://blog.example/post', ['hub.example']],
    ['https://hub.example/post', ['hub.example', 'localhost:3000']],
    ['https://blog.example/post', ['xn--bcher-kva.example', 'hub']],
    ['http://127.0.0.1/post', ['127.0.0.1', 'hub.example']],
    ['http://localhost:3000/', ['[::1]']],
  ];

  it('would have led elsewhere', () => {
    let led = 0;
    for (const [page, names] of SEARCHES) {
      const hosts = new Set(names);
      for (const front of FRONTS)
        for (const scheme of SCHEMES)
          for (const name of NAMES)
            for (const tail of TAILS) {
              const href = front + scheme + name + tail;
              const url = URL.parse(href, page);
              const key = url && /^https?:$/.test(url.protocol) ? keyOf(url) : null;
              const leads = key !== null && hosts.has(hostOfKey(key));
              led += Number(leads);
              const found = [...findLinks({ links: [{ href, textAt: 0 }], base: null }, page, hosts).keys()];
              if (found.length !== Number(leads) || (leads && found[0] !== key))
                assert.fail(`${JSON.stringify(href)} on ${page}, looked for ${[...hosts]}: found ${found}`);
            }
    }
    assert.ok(led > 10_000, String(led));
  });
});

describe('the addresses of a page are read', () => {
  const LONG = 'a'.repeat(1_980);
  const T1 = 'https://hub.example/t1';
  /** Whether a link is found behind so many others, each of which ends in a number of its own. */
  const isFound = (others: number, href: (number: number) => string, base: string | null = null) =>
    find([...Array.from({ length: others }, (_, n) => href(10_000 + n)), T1], base).has('hub.example/t1');

  it('until ten million letters of them are resolved', () => {
    const base = `https://elsewhere.example/${LONG}`;
    const others = Math.ceil(10_000_000 / (base.length + 'x10000:'.length));
    assert.ok(isFound(others - 1, n => `x${n}:`, base));
    assert.ok(!isFound(others, n => `x${n}:`, base), 'a long base, read again for each short link');
  });

  it('until two million letters of those to this hub are compared, each with a hundred more', () => {
    for (const path of [LONG, '']) {
      const href = (n: number) => `https://hub.example/${path}${n}`;
      const others = Math.ceil(2_000_000 / (href(10_000).length + 100));
      assert.ok(isFound(others - 1, href), path);
      assert.ok(!isFound(others + 1, href), path);
    }
  });

  it('once, however often a page says the same', () => {
    assert.ok(isFound(49_000, () => 'https://hub.example/menu'));
  });
});
