/** Crockford's base 32 in lower case: no letter looks like a figure, and no id can spell "fault". */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Bytes nobody can guess, `length` of them; an argument everywhere so that tests can repeat a run. */
export type Random = (length: number) => Uint8Array;

/** A new id: 10 characters, 50 random bits, the same form on every engine. */
export function newId(random: Random): string {
  return Array.from(random(10), byte => ALPHABET[byte & 31]).join('');
}
