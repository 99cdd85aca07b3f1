import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { keyOf } from '../../server/mentions/source-key.ts';
import { holds } from '../support/property.ts';

const label = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
  .filter(text => !/^(?:www|xn--)/.test(text));
const host = fc.tuple(label, label).map(labels => `${labels.join('.')}.example`);
/** Of a path or a query: letters, marks, letters beyond ASCII, and escapes, right and wrong. */
const piece = fc
  .array(
    fc.oneof(
      fc.stringMatching(/^[\w.~!$'()*+,;:@-]{1,6}$/),
      fc.constantFrom(
        '%2F',
        '%41',
        '%7e',
        '%c3%bc',
        'ü',
        '記',
        '%zz',
        '%',
        '%25',
        '%2541',
        '%5f',
        '//',
        '😀',
      ),
    ),
    { maxLength: 4 },
  )
  .map(parts => parts.join(''));
const path = fc.array(piece, { maxLength: 4 }).map(parts => parts.map(part => `/${part}`).join(''));
const query = fc
  .array(fc.tuple(piece, piece), { maxLength: 3 })
  .map(pairs => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const posts = fc.record({ host, port: fc.constantFrom<string>('', ':8080', ':8443'), path, query });
type Post = typeof posts extends fc.Arbitrary<infer Value> ? Value : never;

const addressOf = ({ host, port, path, query }: Post) =>
  `http://${host}${port}${path}${query === '' ? '' : `?${query}`}`;
const key = (address: string) => keyOf(new URL(address));

/** Ways to write the same address otherwise, with no meaning to anybody. */
const REWRITTEN: Record<string, (post: Post) => string> = {
  'in another scheme': post => addressOf(post).replace('http:', 'https:'),
  'with www': post => addressOf({ ...post, host: `www.${post.host}` }),
  'in capitals': post => addressOf({ ...post, host: post.host.toUpperCase() }).replace('http', 'HTTP'),
  'with the dot of the root': post => addressOf({ ...post, host: `${post.host}.` }),
  'with its default port': post => addressOf({ ...post, port: post.port || ':80' }),
  'with a slash behind its path': post => addressOf({ ...post, path: `${post.path}/` }),
  'with a fragment': post => `${addressOf(post)}#comment-1`,
  'with tracking parameters': post =>
    addressOf({ ...post, query: `utm_source=feed&${post.query}${post.query && '&'}fbclid=x` }),
  'with letters escaped': post =>
    addressOf({
      ...post,
      path: post.path.replace(/(?<!%.?)[a-z]/g, char => `%${char.charCodeAt(0).toString(16)}`),
    }),
  'with its escapes in small letters': post =>
    new URL(addressOf(post)).href.replace(/%[0-9a-f]{2}/gi, code => code.toLowerCase()),
  'as the browser shows it': post => new URL(addressOf(post)).href,
};

describe('T10 the key of an address', () => {
  for (const [how, rewrite] of Object.entries(REWRITTEN)) {
    it(`is the same ${how}`, () =>
      holds(posts, post => assert.equal(key(rewrite(post)), key(addressOf(post)))));
  }

  it('is its own key', () => {
    holds(posts, post => {
      const once = key(addressOf(post));
      assert.equal(key(`http://${once}`), once);
    });
    holds(fc.webUrl({ withQueryParameters: true, withFragments: true }), address => {
      const once = key(address);
      assert.equal(key(`http://${once}`), once);
    });
  });

  it('differs where host, port, path or query do', () => {
    holds(fc.tuple(posts, label), ([post, other]) => {
      const own = key(addressOf(post));
      assert.notEqual(key(addressOf({ ...post, host: `${other}.${post.host}` })), own);
      assert.notEqual(key(addressOf({ ...post, port: ':8081' })), own);
      assert.notEqual(key(addressOf({ ...post, path: `${post.path}/${other}` })), own);
      assert.notEqual(key(addressOf({ ...post, query: `${post.query}&${other}=1` })), own);
    });
  });
});
