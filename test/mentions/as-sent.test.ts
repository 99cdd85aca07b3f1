import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asSent } from '../../server/mentions/as-sent.ts';

describe('a ping word for word', () => {
  it('has a line for each field that was sent, markup and entities as they were', () => {
    const words = { title: '<b>Orion</b> &#8230;', excerpt: null, blogName: 'x --> <!-- y' };
    assert.equal(
      asSent({ source: 'http://blog.example/1', words }),
      'url: http://blog.example/1\ntitle: <b>Orion</b> &#8230;\nblog_name: x --> <!-- y',
    );
  });

  it('says what a Pingback or Webmention says it links to', () => {
    const said = asSent({ source: 'http://a.example/1', target: 'http://b.example/t/x#y', words: {} });
    assert.equal(said, 'url: http://a.example/1\ntarget: http://b.example/t/x#y');
  });

  it('is bounded, and fit for a page whatever was sent', () => {
    const words = { title: 'x'.repeat(5_000), excerpt: 'a\0\x0Bb\uD800', blogName: '' };
    const [, title, excerpt, ...rest] = asSent({ source: 'http://a.example/1', words }).split('\n');
    assert.equal(title, `title: ${'x'.repeat(1_000)}`);
    assert.equal(excerpt, 'excerpt: ab\uFFFD');
    assert.deepEqual(rest, []);
  });
});
