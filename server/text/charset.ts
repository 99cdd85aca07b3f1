import { TextDecoder } from 'node:util';
import { detectCharset } from './detect-charset.ts';

const SPACE = Buffer.from(' ');
const UNTRUSTED = new Set(['utf-16le', 'utf-16be', 'x-user-defined', 'replacement']);

/**
 * So few bytes beyond ASCII are those of a word or a sign, and most likely in windows-1252: the detector, which was
 * made for whole pages, finds rarer charsets in them unless the domain is that of a country.
 */
const FEW_BYTES = 3;
const COUNTRY = /^(?:[a-z]{2}|xn--.+)$/;

const decoders = new Map<string, TextDecoder | null>();

/** The name TextDecoder has for a declared charset, or null when it is unknown or not to be trusted. */
export function charsetName(label: string | null | undefined): string | null {
  return label ? (decoderFor(label)?.encoding ?? null) : null;
}

/** The `charset` parameter of a Content-Type, without quotes; null when there is none. */
export function declaredCharset(contentType: string | undefined): string | null {
  return contentType?.match(/;\s*charset\s*=\s*["']?([^"';\s]{1,40})/i)?.[1] ?? null;
}

/**
 * The charset that all these texts of one sender are written in: the first declared one that fits
 * their bytes, else UTF-8 if they are that, else what is detected over all of them together, where the
 * `address` of the post has a say by its top-level domain, else windows-1252, which fits anything.
 * A text cut off inside its last character still fits.
 */
export function charsetOf(
  texts: readonly Uint8Array[],
  declared: readonly (string | null)[],
  address: string | null = null,
): string {
  const fits = (label: string) => texts.every(text => decodeExactly(text, label) !== null);
  for (const label of declared) {
    const name = charsetName(label);
    if (name && fits(name)) return name;
  }
  if (texts.some(hasEscapeSequences) && fits('iso-2022-jp')) return 'iso-2022-jp';
  if (fits('utf-8')) return 'utf-8';
  const likeliest = likeliestCharset(beyondAscii(texts), address);
  return fits(likeliest) ? likeliest : 'windows-1252';
}

/** The text of these bytes in a charset that `charsetOf` chose. */
export function decode(bytes: Uint8Array, charset: string): string {
  return decodeExactly(bytes, charset) ?? new TextDecoder(charset).decode(bytes);
}

function decoderFor(label: string): TextDecoder | null {
  const key = label.trim().toLowerCase();
  const known = decoders.get(key);
  if (known !== undefined) return known;
  const decoder = makeDecoder(key);
  // Labels come from senders: remember only what can recur.
  if (decoder) decoders.set(key, decoder);
  return decoder;
}

function makeDecoder(label: string): TextDecoder | null {
  try {
    const decoder = new TextDecoder(label, { fatal: true });
    return UNTRUSTED.has(decoder.encoding) ? null : decoder;
  } catch {
    return null;
  }
}

/**
 * Null when some byte does not fit. Senders crop by bytes, so half a character at the very end is
 * dropped, but only after a whole one: alone it says that the text is in another charset.
 */
function decodeExactly(bytes: Uint8Array, charset: string): string | null {
  try {
    return decoderFor(charset)?.decode(bytes) ?? null;
  } catch {
    try {
      const text = new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: true });
      return /[^\0-\x7f]/.test(text) ? text : null;
    } catch {
      return null;
    }
  }
}

/** ISO-2022-JP is seven-bit and so passes for UTF-8; its switch to two bytes a character gives it away. */
export function hasEscapeSequences(bytes: Uint8Array): boolean {
  const at = bytes.indexOf(0x1b);
  return at >= 0 && (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28);
}

/** What of these texts tells the charset. The longest last, for if one is cropped inside a character, it is that. */
function beyondAscii(texts: readonly Uint8Array[]): Uint8Array {
  const telling = texts.filter(text => text.some(byte => byte >= 0x80));
  telling.sort((a, b) => a.length - b.length);
  return Buffer.concat(telling.flatMap((text, index) => (index === 0 ? [text] : [SPACE, text])));
}

/**
 * The charset that bytes which are not UTF-8 are most likely in, as TextDecoder names it, whether or not all of them
 * fit. `address` is where the text was published: what is usual in its country is preferred.
 */
export function likeliestCharset(bytes: Uint8Array, address: string | null): string {
  const domain =
    URL.parse(address ?? '')
      ?.hostname.replace(/\.$/, '')
      .split('.')
      .at(-1) ?? null;
  if (isAWordOrASign(bytes) && !COUNTRY.test(domain ?? '')) return 'windows-1252';
  return detectCharset(bytes, domain);
}

function isAWordOrASign(bytes: Uint8Array): boolean {
  let letters = 0;
  let beyond = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) beyond++;
    else if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) letters++;
    if (beyond > FEW_BYTES) return false;
  }
  // One character of two or three bytes alone is in no Latin charset.
  return beyond === 1 || beyond < letters;
}
