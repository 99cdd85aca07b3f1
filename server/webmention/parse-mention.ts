import type { Refusal } from '../mentions/mention.ts';
import type { Claim } from '../mentions/receive.ts';
import { isOtherForm, readForm } from '../text/form.ts';

/**
 * A webmention from the bytes of its form (Webmention 3.1.3), whatever Content-Type it declares. A `code` is
 * the key to a post that is not public (Private Webmention), so such a post is refused; other fields are ignored.
 */
export function parseMention(
  body: Uint8Array,
  contentType: string | undefined,
): { claim: Claim; target: string } | Refusal {
  const fields = readForm(body);
  if (fields === 'too-many') return 'too-large';
  if (!fields.has('source') && !fields.has('target') && isOtherForm(contentType)) return 'unreadable';
  const text = (name: string) => new TextDecoder().decode(fields.get(name));
  return {
    claim: { source: text('source'), words: {}, private: fields.has('code') },
    target: text('target'),
  };
}
