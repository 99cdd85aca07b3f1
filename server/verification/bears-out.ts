/** More marks on one letter than any script uses; to put a million of them in order takes Unicode minutes. */
const MOST_MARKS = 6;

/** How many letters the engine's own search is asked for. */
const MOST_SOUGHT = 8;

const OTHER = 1;
const LETTER = 2;
const MARK = 3;

/** What each code point is, once it was met: asking the pattern for every character costs ten times as much. */
const kinds = new Uint8Array(0x110000);

/** Text as it is compared: only its letters, marks and digits, composed (NFC) and in lower case. */
export function foldText(text: string): string {
  const kept = new Uint16Array(text.length);
  let length = 0;
  let marks = 0;
  let beyondAscii = false;
  for (let at = 0; at < text.length; at++) {
    const point = text.codePointAt(at) as number;
    const astral = point > 0xffff;
    const kind = kindOf(point);
    marks = kind === MARK ? marks + 1 : kind === LETTER ? 0 : marks;
    if (kind !== OTHER && marks <= MOST_MARKS) {
      kept[length++] = text.charCodeAt(at);
      if (astral) kept[length++] = text.charCodeAt(at + 1);
      beyondAscii ||= point > 0x7f;
    }
    if (astral) at++;
  }
  // ASCII is composed already, and a string of single bytes is searched much faster.
  if (!beyondAscii) return Buffer.from(kept.subarray(0, length)).toString('latin1').toLowerCase();
  return Buffer.from(kept.buffer, 0, length * 2)
    .toString('utf16le')
    .normalize('NFC')
    .toLowerCase();
}

/**
 * Whether claimed words stand on a page, punctuation, letter case and white space aside; so a "…" where the
 * sender cut them off does not matter. Words without a letter or digit are never borne out. `foldedPage` has
 * been through `foldText`.
 */
export function bearsOut(claimed: string, foldedPage: string): boolean {
  const words = foldText(claimed);
  return words !== '' && holds(foldedPage, words);
}

function kindOf(point: number): number {
  const known = kinds[point] as number;
  if (known !== 0) return known;
  const char = String.fromCodePoint(point);
  const kind = /\p{M}/u.test(char) ? MARK : /[\p{L}\p{N}]/u.test(char) ? LETTER : OTHER;
  kinds[point] = kind;
  return kind;
}

/**
 * `text.includes(words)`, but linear whatever the two are (Knuth, Morris and Pratt): the engine's own search
 * takes a third of a second for two thousand letters of one page that was written against it. It may look for
 * the first few letters, though, which cannot take it long.
 */
function holds(text: string, words: string): boolean {
  // How much of the words still matches when the letter after the first n does not.
  const fallback = new Uint32Array(words.length);
  const next = (matched: number, unit: number) => {
    let to = matched;
    while (to > 0 && words.charCodeAt(to) !== unit) to = fallback[to - 1] as number;
    return words.charCodeAt(to) === unit ? to + 1 : to;
  };
  for (let at = 1; at < words.length; at++) {
    fallback[at] = next(fallback[at - 1] as number, words.charCodeAt(at));
  }
  const beginning = words.slice(0, MOST_SOUGHT);
  let matched = 0;
  for (let at = 0; matched < words.length; at++) {
    if (matched === 0) {
      at = text.indexOf(beginning, at);
      if (at < 0) return false;
    }
    if (at === text.length) return false;
    matched = next(matched, text.charCodeAt(at));
  }
  return true;
}
