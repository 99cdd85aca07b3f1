import fc from 'fast-check';

/**
 * Asks a property of many made-up values. The same ones every time, so that a commit is not red for what another
 * one did; `PROPERTY_SEED` and `PROPERTY_RUNS` look further. A failure names its seed and the smallest value.
 */
export function holds<Value>(values: fc.Arbitrary<Value>, property: (value: Value) => void): void {
  const { PROPERTY_SEED: seed = '20260717', PROPERTY_RUNS: runs = '500' } = process.env;
  fc.assert(fc.property(values, property), { seed: Number(seed), numRuns: Number(runs) });
}

/** Text of any code units, lone surrogates and all, with more than its share of what makes trouble. */
export const anyText = (trouble: string): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...trouble) },
        { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }) },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }) },
        { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit)) },
      ),
      { maxLength: 120 },
    )
    .map(pieces => pieces.join(''));
