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

  it('keeps nothing of what it was asked', async test => {
    const api = Reflect.get(globalThis, 'WebAssembly');
    const loaded: { exports: { memory: { buffer: ArrayBuffer } } }[] = [];
    class Noted extends api.Instance {
      constructor(...given: unknown[]) {
        super(...given);
        loaded.push(this as never);
      }
    }
    test.mock.property(api, 'Instance', Noted);
    // Another one, which nothing was loaded into.
    const another = '../../server/text/detect-charset.ts?another';
    const { detectCharset: detect } = (await import(another)) as { detectCharset: typeof detectCharset };
    const text = Buffer.from('Les élèves étaient déjà là. '.repeat(200), 'latin1');
    detect(text, 'fr');
    const before = loaded[0]?.exports.memory.buffer.byteLength;
    for (let n = 0; n < 2_000; n++) detect(text, 'fr');
    for (let n = 0; n < 100_000; n++) detect(text.subarray(4, 6), null);
    assert.equal(loaded[0]?.exports.memory.buffer.byteLength, before);
    assert.equal(loaded.length, 1);
  });
});
