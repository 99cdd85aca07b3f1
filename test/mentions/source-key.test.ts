import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyOf, readSource } from '../../server/mentions/source-key.ts';

const RULES = { ownKeys: ['hub.example'], allow: new Set(['127.0.0.1:4000', 'blog.test:9000']) };
const read = (raw: string, rules = RULES) => {
  const source = readSource(raw, rules);
  return 'refusal' in source ? source.refusal : source;
};
const key = (address: string) => keyOf(new URL(address));

describe('the key of an address', () => {
  it('T10 forgets scheme, www, default port, trailing dot, slash, fragment and tracking parameters', () => {
    for (const same of [
      'https://blog.example/post',
      'http://blog.example/post/',
      'http://www.blog.example/post',
      'http://BLOG.example:80/post',
      'https://blog.example:443/post#comments',
      'https://blog.example./post?utm_source=x&utm_medium=y',
      'https://blog.example/post?fbclid=1&gclid=2&mc_cid=3&mc_eid=4',
      'https://blog.example/p%6Fst',
    ]) {
      assert.equal(key(same), 'blog.example/post', same);
    }
  });

  it('keeps what tells posts apart', () => {
    const different = [
      'http://blog.example/post',
      'http://blog.example/Post',
      'http://blog.example/post?p=1',
      'http://blog.example/post?p=1&q=2',
      'http://blog.example/post?q=2&p=1',
      'http://blog.example:8080/post',
      'http://blog.example/post%2Fx',
      'http://blog.example/post/x',
      'http://other.example/post',
    ];
    assert.equal(new Set(different.map(key)).size, different.length);
  });

  it('writes hosts in punycode and escapes in upper case', () => {
    assert.equal(key('http://bücher.example/%c3%bc'), 'xn--bcher-kva.example/%C3%BC');
    assert.equal(key('http://bücher.example/ü'), 'xn--bcher-kva.example/%C3%BC');
  });

  it('keeps www where it is the name itself', () => {
    assert.equal(key('http://www.com/x'), 'www.com/x');
  });
});

describe('reading the address of a post', () => {
  it('takes an ordinary one, without its fragment', () => {
    assert.deepEqual(read(' https://www.blog.example/post?p=1#c '), {
      url: 'https://www.blog.example/post?p=1',
      key: 'blog.example/post?p=1',
      site: 'blog.example',
    });
  });

  const REFUSED: [refusal: string, ...addresses: string[]][] = [
    ['no-address', '', '   '],
    ['too-long', `http://blog.example/${'a'.repeat(2_048)}`, `http://blog.example/${'a'.repeat(70_000)}`],
    [
      'bad-address',
      'blog.example/post',
      '//blog.example/post',
      '/post',
      'http://',
      'file:///etc/passwd',
      'gopher://127.0.0.1:6379/_x',
      'ftp://blog.example/x',
      'data:text/html,x',
      'javascript:alert(1)',
      'jav\tascript:alert(1)',
      'blob:http://x/y',
      'http://user:pw@blog.example/x',
      'http://blog.example@127.0.0.1/',
      'http://blog.example%2f@127.0.0.1/',
      'http://blog.example\\@127.0.0.1/x',
      'http://blog.example/a b',
      'http://blog.example/a\nb',
      'http://blog.example:65536/x',
      'http://256.256.256.256/x',
      'http://1.2.3.4.5/x',
    ],
    [
      'not-public',
      'http://127.0.0.1/x',
      'http://127.1/x',
      'http://2130706433/x',
      'http://0x7f000001/x',
      'http://0177.0.0.1/x',
      'http://0/x',
      'http://127.0.0.1./x',
      'http://localhost/x',
      'http://LOCALHOST./x',
      'http://[::1]/x',
      'http://[::]/x',
      'http://[::ffff:127.0.0.1]/x',
      'http://[::127.0.0.1]/x',
      'http://[64:ff9b::7f00:1]/x',
      'http://[2002:7f00:1::]/x',
      'http://[100:0:0:1::1]/x',
      'http://[4000::1]/x',
      'http://[fe80::1]/x',
      'http://[fec0::1]/x',
      'http://[ff02::1]/x',
      'http://169.254.169.254/latest/meta-data/',
      'http://168.63.129.16/x',
      'http://10.0.0.1/x',
      'http://172.31.255.255/x',
      'http://192.168.0.1/x',
      'http://100.64.0.1/x',
      'http://192.0.2.1/x',
      'http://198.18.0.1/x',
      'http://224.0.0.1/x',
      'http://255.255.255.255/x',
      'http://blog.example:22/x',
      'http://blog.example:6379/x',
      'http://blog.example:0/x',
      'http://.../',
      'http://a..b/x',
      'http://xn--/x',
      'http://x.onion/x',
      'http://printer.local/x',
      'http://db.internal/x',
      'http://mongo/x',
      `http://${'a'.repeat(64)}.example/x`,
    ],
    ['own-address', 'http://hub.example/', 'https://www.hub.example/t/night-sky', 'http://hub.example?x=1'],
    ['not-post', 'http://blog.example', 'http://blog.example/', 'http://www.blog.example/?utm_source=x#top'],
  ];
  for (const [refusal, ...addresses] of REFUSED) {
    for (const address of addresses) {
      it(`8.1 ${refusal}: ${JSON.stringify(address.slice(0, 60))}`, () =>
        assert.equal(read(address), refusal));
    }
  }

  it('U36 refuses a host of 300 letters', () => {
    assert.ok(['bad-address', 'not-public'].includes(String(read(`http://${'a'.repeat(300)}.example/x`))));
  });

  it('takes exactly the pairs of FETCH_ALLOW although they are not public', () => {
    assert.equal(typeof read('http://127.0.0.1:4000/x'), 'object');
    assert.equal(typeof read('http://blog.test:9000/x'), 'object');
    assert.equal(read('http://127.0.0.1:4001/x'), 'not-public');
    assert.equal(read('http://blog.test:9001/x'), 'not-public');
    assert.equal(read('http://127.0.0.2:4000/x'), 'not-public');
  });

  it('knows its own addresses below a path, and a blog beside it', () => {
    const below = { ownKeys: ['club.example/hub'], allow: new Set<string>() };
    assert.equal(read('http://club.example/hub/t/x', below), 'own-address');
    assert.equal(typeof read('http://club.example/hubcap', below), 'object');
    assert.equal(typeof read('http://club.example/blog/1', below), 'object');
  });
});
