import type { Refusal } from '../mentions/mention.ts';
import type { Claim } from '../mentions/receive.ts';
import { charsetOf, declaredCharset, decode } from '../text/charset.ts';

const MOST_FIELDS = 20;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/**
 * A TrackBack ping from the bytes of its form (TrackBack 1.2, "Sending a TrackBack Ping"), in
 * whatever charset the blog writes. Any Content-Type is read as a form, because real senders send
 * odd ones; unknown fields are ignored, and of a repeated field the first counts.
 */
export function parsePing(body: Uint8Array, contentType: string | undefined): Claim | Refusal {
  const fields = readFields(body);
  if (fields === 'too-many') return 'too-large';
  const sent = [...fields.values()];
  const named = fields.get('charset');
  const charset = charsetOf(sent, [declaredCharset(contentType), named ? asAscii(named) : null]);
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

/** Splits the raw bytes, because percent escapes stand for bytes of a charset not known yet. */
function readFields(body: Uint8Array): Map<string, Uint8Array> | 'too-many' {
  const fields = new Map<string, Uint8Array>();
  let count = 0;
  for (let start = 0; start < body.length; ) {
    let end = body.indexOf(AMPERSAND, start);
    if (end < 0) end = body.length;
    if (end > start) {
      if (++count > MOST_FIELDS) return 'too-many';
      const pair = body.subarray(start, end);
      const equals = pair.indexOf(EQUALS);
      const name = asAscii(unescapeForm(equals < 0 ? pair : pair.subarray(0, equals)));
      if (!fields.has(name)) {
        fields.set(name, unescapeForm(equals < 0 ? new Uint8Array() : pair.subarray(equals + 1)));
      }
    }
    start = end + 1;
  }
  return fields;
}

/** `+` is a space; an escape that is none (`%zz`, a lone `%`, `%u30C6`) stays as it was sent. */
function unescapeForm(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte !== PERCENT) {
      out[length++] = byte === PLUS ? SPACE : byte;
      continue;
    }
    const value = at + 2 < bytes.length ? hexPair(bytes[at + 1] as number, bytes[at + 2] as number) : -1;
    out[length++] = value < 0 ? PERCENT : value;
    if (value >= 0) at += 2;
  }
  return out.subarray(0, length);
}

function hexPair(high: number, low: number): number {
  const first = hexDigit(high);
  const second = hexDigit(low);
  return first < 0 || second < 0 ? -1 : first * 16 + second;
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const asAscii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Forms of another kind, whose sender is better told so than that an address is missing. */
function isOtherForm(contentType = ''): boolean {
  return /^\s*(?:multipart\/|application\/json|text\/xml|application\/xml)/i.test(contentType);
}
