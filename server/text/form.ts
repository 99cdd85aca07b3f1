const MOST_FIELDS = 20;
const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PLUS = 0x2b;
const PERCENT = 0x25;
const SPACE = 0x20;

/**
 * The fields of a form (application/x-www-form-urlencoded) as raw bytes, because percent escapes stand for
 * bytes of a charset not known yet. Of a repeated field the first counts; more than 20 are refused.
 */
export function readForm(body: Uint8Array): Map<string, Uint8Array> | 'too-many' {
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

/** Bytes of which only ASCII is of interest, such as a field's name. */
export const asAscii = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

/** Bodies of another kind, whose sender is better told so than that a field is missing. */
export function isOtherForm(contentType = ''): boolean {
  return /^\s*(?:multipart\/|application\/json|text\/xml|application\/xml)/i.test(contentType);
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
