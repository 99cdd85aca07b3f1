import { TextDecoder } from 'node:util';
import { charsetName, declaredCharset, hasEscapeSequences, likeliestCharset } from './charset.ts';

/** A page as text, and the charset it was read in (TextDecoder's name), which hints at its language. */
export interface DecodedPage {
  html: string;
  charset: string;
}

const BYTE_ORDER_MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Where HTML looks for a declaration inside the page. */
const DECLARED_WITHIN_BYTES = 1024;
const IN_META = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^"'\s;/>]{1,40})/i;
const IN_XML = /^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"']{1,40})["']/i;

/**
 * Decodes a page as browsers do: byte order mark, header, declaration in the page, else UTF-8, else what is
 * detected. Other than a form, a page is put together from many hands, so a charset holds in spite of some
 * broken bytes; it is passed over only when more than a tenth of the characters beyond ASCII are broken.
 * `address` is the page's own.
 */
export function decodePage(
  bytes: Uint8Array,
  contentType: string,
  address: string | null = null,
): DecodedPage {
  const marked = BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte));
  if (marked) return { html: decodeLoosely(bytes, marked[0]), charset: marked[0] };
  for (const label of candidates(bytes, contentType, address)) {
    const charset = charsetName(label);
    const html = charset && decodeLoosely(bytes, charset);
    if (charset && html !== null && isMostlySound(html)) return { html, charset };
  }
  return { html: decodeLoosely(bytes, 'windows-1252'), charset: 'windows-1252' };
}

/** One after the other, since the last ones have to be found out, and most pages need none of those. */
function* candidates(bytes: Uint8Array, contentType: string, address: string | null) {
  const start = Buffer.from(bytes.subarray(0, DECLARED_WITHIN_BYTES)).toString('latin1');
  yield declaredCharset(contentType);
  yield IN_META.exec(start)?.[1];
  yield IN_XML.exec(start)?.[1];
  if (hasEscapeSequences(bytes)) yield 'iso-2022-jp';
  yield 'utf-8';
  yield likeliestCharset(bytes, address);
}

/** As a stream, so that half a character at the end, where the page was cut off, is left out. */
function decodeLoosely(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes, { stream: true });
}

function isMostlySound(html: string): boolean {
  if (!html.includes('\ufffd')) return true;
  let foreign = 0;
  let broken = 0;
  for (let at = 0; at < html.length; at++) {
    const unit = html.charCodeAt(at);
    if (unit > 0x7f) foreign++;
    if (unit === 0xfffd) broken++;
  }
  return broken * 10 <= foreign;
}
