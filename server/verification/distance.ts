/** How much of two texts is compared letter by letter, beyond what they have in common at both ends. */
const LONGEST = 64;

/**
 * How many letters must be put in, taken out or replaced to turn one text into the other (Levenshtein's
 * distance). What differs is compared as far as 64 letters; all that is longer counts as different.
 */
export function distance(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start++;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const [a, b] = [one, other].map(text => text.slice(start, text.length - end)) as [string, string];
  if (a === '' || b === '') return a.length + b.length;
  const beyond = Math.max(a.length, b.length, LONGEST) - LONGEST;
  return beyond + edits(a.slice(0, LONGEST), b.slice(0, LONGEST));
}

function edits(a: string, b: string): number {
  // The distances of a's beginning from each beginning of b.
  const row = Uint8Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    let diagonal = i - 1;
    row[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = diagonal + Number(a.charCodeAt(i - 1) !== b.charCodeAt(j - 1));
      diagonal = row[j] as number;
      row[j] = Math.min(replaced, diagonal + 1, (row[j - 1] as number) + 1);
    }
  }
  return row[b.length] as number;
}
