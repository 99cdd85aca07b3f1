/** An address with the part marked in which it differs from another one. */
export interface Marked {
  before: string;
  /** Empty where something is missing. */
  mark: string;
  after: string;
  /** What the mark says to those who do not see it; null where it says nothing more. */
  words: string | null;
}

/**
 * Two addresses with their difference marked: ours, and the nearly same one in a post. Scheme and `www.` make no
 * difference (`keyOf`), so they are passed over.
 */
export function markDifference(wanted: string, found: string): { wanted: Marked; found: Marked } {
  const [ours, theirs] = [split(wanted), split(found)];
  const most = Math.min(ours.rest.length, theirs.rest.length);
  let start = 0;
  while (start < most && ours.rest[start] === theirs.rest[start]) start++;
  let end = 0;
  while (end < most - start && ours.rest.at(-1 - end) === theirs.rest.at(-1 - end)) end++;
  const cut = ({ front, rest }: Parts) => ({
    before: front + rest.slice(0, start),
    mark: rest.slice(start, rest.length - end),
    after: rest.slice(rest.length - end),
  });
  const [left, right] = [cut(ours), cut(theirs)];
  return { wanted: { ...left, words: null }, found: { ...right, words: wordsOf(left.mark, right.mark) } };
}

/** Which of our addresses a found one is nearest to: the one that has to be changed least. */
export function nearestOf(wanted: readonly string[], found: string): string {
  const cost = (one: string) => {
    const marked = markDifference(one, found);
    return marked.wanted.mark.length + marked.found.mark.length;
  };
  return wanted.reduce((best, one) => (cost(one) < cost(best) ? one : best));
}

interface Parts {
  front: string;
  rest: string;
}

function split(address: string): Parts {
  const front = /^(?:(?:https?:)?\/\/(?:www\.)?)?/i.exec(address)?.[0] ?? '';
  return { front, rest: address.slice(front.length) };
}

function wordsOf(missing: string, there: string): string {
  if (missing === '' && there === '') return ', nothing differs to the eye';
  if (there === '') return `, here ${named(missing)} is missing`;
  if (missing === '') return `, here ${named(there)} is too much`;
  return `, here ${named(there)} stands in place of ${named(missing)}`;
}

/** Screen readers pass over these. */
const SIGNS: Readonly<Record<string, string>> = { '-': 'hyphen', '/': 'slash', '.': 'dot', _: 'underscore' };

const named = (part: string) => (part.length === 1 ? `the ${SIGNS[part] ?? part}` : `“${part}”`);
