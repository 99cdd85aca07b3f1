import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { charsetName } from '../../server/text/charset.ts';
import { detectCharset } from '../../server/text/detect-charset.ts';

describe('the detector', () => {
  it('has an answer for any bytes from anywhere, and it is a charset that can be read', () => {
    const domain = fc.oneof(
      fc.constant(null),
      fc.constantFrom('com', 'jp', 'COM', 'a.b', '', 'xn--p1ai', 'рф', 'x'.repeat(64), '1', '[::1]', '\0'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), domain, (bytes, domain) => {
        const charset = detectCharset(bytes, domain);
        assert.equal(charsetName(charset), charset);
      }),
      { numRuns: 1_000 },
    );
  });
});
