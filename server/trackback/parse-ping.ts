import type { Refusal } from '../mentions/mention.ts';
import type { Claim } from '../mentions/receive.ts';
import { charsetOf, declaredCharset, decode } from '../text/charset.ts';
import { asAscii, isOtherForm, readForm } from '../text/form.ts';

/**
 * A TrackBack ping from the bytes of its form (TrackBack 1.2, "Sending a TrackBack Ping"), in
 * whatever charset the blog writes. Any Content-Type is read as a form, because real senders send
 * odd ones; unknown fields are ignored, and of a repeated field the first counts.
 */
export function parsePing(body: Uint8Array, contentType: string | undefined): Claim | Refusal {
  const fields = readForm(body);
  if (fields === 'too-many') return 'too-large';
  const sent = [...fields.values()];
  const ascii = (name: string) => {
    const value = fields.get(name);
    return value ? asAscii(value) : null;
  };
  const declared = [declaredCharset(contentType), ascii('charset')];
  const charset = charsetOf(sent, declared, ascii('url'));
  const text = (name: string) => {
    const value = fields.get(name);
    return value ? decode(value, charset) : null;
  };
  const source = text('url')?.trim();
  if (!source) return isOtherForm(contentType) ? 'unreadable' : 'no-address';
  return {
    source,
    words: { title: text('title'), excerpt: text('excerpt'), blogName: text('blog_name') },
  };
}
