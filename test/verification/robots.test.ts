import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mayQuote } from '../../server/verification/robots.ts';

describe('the words of a page may be shown elsewhere', () => {
  const byTags = (...tags: string[]) => mayQuote({ tags, headers: [] });
  const byHeaders = (...headers: string[]) => mayQuote({ tags: [], headers });

  for (const rules of [
    '',
    'all',
    'index, follow',
    'nofollow, noarchive, noimageindex',
    'max-snippet:-1, max-image-preview:large',
    'max-snippet:50',
    'max-image-preview:none',
    'MAX-IMAGE-PREVIEW: None',
    'unavailable_after: 25 Jun 2010 15:00:00 PST',
    'noindexing, nonesuch',
  ]) {
    it(`where it says "${rules}"`, () => {
      assert.equal(byTags(rules), true);
      assert.equal(byHeaders(rules), true);
    });
  }

  for (const rules of [
    'noindex',
    'none',
    'nosnippet',
    'NOINDEX',
    ' noIndex , follow',
    'follow,noindex',
    'nofollow noindex',
    'max-snippet:0',
    'Max-Snippet : 0',
    'max-image-preview: large, none',
    'unavailable_after: Friday, 25-Jun-10 15:00:00 UTC, noindex',
  ]) {
    it(`but not where it says "${rules}"`, () => {
      assert.equal(byTags(rules), false);
      assert.equal(byHeaders(rules), false);
    });
  }

  it('as long as none of several tags and headers forbids it', () => {
    assert.equal(mayQuote({ tags: [], headers: [] }), true);
    assert.equal(byTags('noindex', 'index'), false);
    assert.equal(byTags('index', 'noindex'), false);
    assert.equal(byHeaders('nofollow', 'noindex'), false);
    assert.equal(mayQuote({ tags: ['all'], headers: ['nosnippet'] }), false);
    assert.equal(mayQuote({ tags: ['nosnippet'], headers: ['all'] }), false);
  });

  it('whatever a header says to one bot by its name, to which all that follows is said', () => {
    assert.equal(byHeaders('googlebot: noindex'), true);
    assert.equal(byHeaders(' OtherBot : noindex, nosnippet'), true);
    assert.equal(byHeaders('googlebot: nofollow, otherbot: noindex'), true);
    assert.equal(byHeaders('nofollow, googlebot: noindex'), true);
    assert.equal(byHeaders('noindex, googlebot: nofollow'), false);
    assert.equal(byHeaders('googlebot: nofollow', 'noindex'), false);
  });
});
