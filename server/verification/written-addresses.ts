import { domainToUnicode } from 'node:url';
import { keyOf } from '../mentions/source-key.ts';
import { LONGEST_ADDRESS } from '../text/read-tags.ts';

/** An address of this hub that stands somewhere in a text, as its key and as an address. */
export interface WrittenAddress {
  key: string;
  address: string;
  at: number;
}

/** Who names the hub more often than this does not explain a missing link. */
const MOST_PLACES = 200;

/** What may stand between the beginning of an address and its host. */
const FRONT = /(?:(https?:)?\/\/)?(?:www\.)?$/i;
const LONGEST_FRONT = 'https://www.'.length;

/** In front of an address: here it is only the end of another one, or handed over to one (`?u=https://…`). */
const GOES_ON = /[a-z0-9/.@%-]$|[?&;][\w.-]{1,40}=$/i;
const BEFORE = 64;

/** As far as an address of this hub can go, and somebody's parameters; what a sentence puts behind it is taken off. */
const LONGEST_TAIL = 500;
const TAIL = /^[\w.~%/:?&=#@!$+-]*/;
/** All but the punctuation at the end. Looking for that punctuation itself would begin anew at each of its signs. */
const UP_TO_LAST_LETTER = /^.*[a-z0-9/]/i;

/** How addresses are written in scripts and in attributes: `https:\/\/`, `&#x2F;`, `&quot;`. */
const SLASHES = /\\\/|&#x2f;|&#47;|&sol;/gi;
const QUOTES = /&(?:quot|apos|lt|gt|#34|#39|#x22|#x27);/gi;

/**
 * The addresses with one of these hosts (as keys begin) that are written out in a text, by key, the first of each:
 * with or without a scheme, in any letter case, the host in Punycode or in its own script, with punctuation round it.
 * `html`: the text is the source of a page, in which slashes and quotes may be escaped.
 */
export function writtenAddresses(
  text: string,
  hosts: Iterable<string>,
  { html = false } = {},
): Map<string, WrittenAddress> {
  const plain = html ? (piece: string) => piece.replace(SLASHES, '/').replace(QUOTES, ' ') : asItIs;
  const found = new Map<string, WrittenAddress>();
  let places = 0;
  for (const { 0: host, index } of text.matchAll(anyOf(hosts))) {
    if (++places > MOST_PLACES) break;
    const before = plain(text.slice(Math.max(0, index - BEFORE), index));
    const [front, scheme] = FRONT.exec(before.slice(-LONGEST_FRONT)) as RegExpExecArray;
    const rest = before.slice(0, before.length - front.length);
    if (GOES_ON.test(rest) || (front.startsWith('//') && rest.endsWith(':'))) continue;
    const behind = index + host.length;
    const tail = TAIL.exec(plain(text.slice(behind, behind + LONGEST_TAIL)))?.[0] ?? '';
    for (const end of new Set([tail, UP_TO_LAST_LETTER.exec(tail)?.[0] ?? ''])) {
      const url = URL.parse(`${scheme ?? 'https:'}//${host}${end}`);
      if (!url) continue;
      const key = keyOf(url);
      const address = url.href.slice(0, LONGEST_ADDRESS);
      if (!found.has(key)) found.set(key, { key, address, at: index - front.length });
    }
  }
  return found;
}

function anyOf(hosts: Iterable<string>): RegExp {
  const spellings = Array.from(hosts, host => {
    const [name = '', ...port] = host.split(/(?=:\d+$)/);
    return [host, [domainToUnicode(name), ...port].join('')];
  }).flat();
  return new RegExp([...new Set(spellings)].filter(Boolean).map(RegExp.escape).join('|'), 'giu');
}

const asItIs = (piece: string) => piece;
