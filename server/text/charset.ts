import { createRequire } from 'node:module';
import { TextDecoder } from 'node:util';

/**
 * The charsets blogs write in, by the detector's names and by the WHATWG labels that TextDecoder
 * takes. Anything else (UTF-7, UTF-16, x-user-defined) no form or page can be trusted to be in.
 */
const DETECTED: Readonly<Record<string, string>> = {
  cp932: 'shift_jis',
  shift_jis: 'shift_jis',
  'euc-jp': 'euc-jp',
  'iso-2022-jp': 'iso-2022-jp',
  cp949: 'euc-kr',
  'euc-kr': 'euc-kr',
  gb18030: 'gb18030',
  big5: 'big5',
  'koi8-r': 'koi8-r',
  'koi8-u': 'koi8-u',
  'iso-8859-2': 'iso-8859-2',
  'iso-8859-5': 'iso-8859-5',
  'iso-8859-7': 'iso-8859-7',
  'iso-8859-9': 'windows-1254',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'iso-8859-1': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'windows-1255': 'windows-1255',
  'windows-1256': 'windows-1256',
};
const UNTRUSTED = new Set(['utf-16le', 'utf-16be', 'x-user-defined', 'replacement']);

/**
 * With fewer bytes of letters than this, detection is mostly wrong and windows-1252 the better guess;
 * but a text that is mostly not ASCII is in no Latin charset, and a word or two of it will do.
 */
const ENOUGH_TO_DETECT = 20;
const ENOUGH_IF_NOT_LATIN = 6;

/** The detector takes 2 ms a KiB, in the event loop; a few sentences tell it as much as a book. */
const MOST_TO_DETECT = 4096;

/** Charsets with one byte a letter and no Latin letter beyond ASCII: a text in one of them is mostly not ASCII. */
const OTHER_ALPHABETS = new Set([
  'koi8-r',
  'koi8-u',
  'iso-8859-5',
  'iso-8859-7',
  'windows-1251',
  'windows-1253',
  'windows-1255',
  'windows-1256',
]);

/** How near windows-1252 may come to the detector's favourite and still be taken. */
const NEARLY = 0.8;

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
 * their bytes, else UTF-8 if they are that, else what is detected over all of them together, else
 * windows-1252, which fits anything. A text cut off inside its last character still fits.
 */
export function charsetOf(texts: readonly Uint8Array[], declared: readonly (string | null)[]): string {
  const fits = (label: string) => texts.every(text => decodeExactly(text, label) !== null);
  for (const label of declared) {
    const name = charsetName(label);
    if (name && fits(name)) return name;
  }
  const all = texts.length === 1 && texts[0] ? texts[0] : Buffer.concat(texts);
  if (hasEscapeSequences(all) && fits('iso-2022-jp')) return 'iso-2022-jp';
  if (fits('utf-8')) return 'utf-8';
  return detected(all).find(fits) ?? 'windows-1252';
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
function hasEscapeSequences(bytes: Uint8Array): boolean {
  const at = bytes.indexOf(0x1b);
  return at >= 0 && (bytes[at + 1] === 0x24 || bytes[at + 1] === 0x28);
}

/** Candidates, likeliest first. The detector takes 55 MiB of each thread, so only one that needs it loads it. */
function detected(bytes: Uint8Array): string[] {
  const letters = lettersOf(bytes);
  if (!enoughToDetect(letters)) return [];
  const { detectAll } = createRequire(import.meta.url)('jschardet') as typeof import('jschardet');
  const guesses = detectAll(bytes.subarray(0, MOST_TO_DETECT), { minimumThreshold: 0 }).flatMap(guess => {
    const charset = DETECTED[guess.encoding?.toLowerCase() ?? ''];
    const fits = charset !== undefined && (letters.high > letters.ascii || !OTHER_ALPHABETS.has(charset));
    return fits ? [{ charset, confidence: guess.confidence }] : [];
  });
  const best = guesses[0]?.confidence ?? 0;
  const latin = guesses.find(guess => guess.charset === 'windows-1252');
  if (latin && latin.confidence >= best * NEARLY) return ['windows-1252'];
  return guesses.map(guess => guess.charset);
}

function enoughToDetect({ ascii, high }: { ascii: number; high: number }): boolean {
  return ascii + high >= ENOUGH_TO_DETECT || (high > ascii && high >= ENOUGH_IF_NOT_LATIN);
}

/** How many bytes are ASCII letters, and how many lie beyond ASCII. */
function lettersOf(bytes: Uint8Array): { ascii: number; high: number } {
  let ascii = 0;
  let high = 0;
  for (const byte of bytes) {
    if (byte >= 0x80) high++;
    else if ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)) ascii++;
  }
  return { ascii, high };
}
