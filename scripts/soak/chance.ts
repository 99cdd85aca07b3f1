/** Chance that can be repeated: the same seed gives the same numbers. */
export interface Chance {
  /** True in this share of cases, 0 to 1. */
  happens: (share: number) => boolean;
  /** A whole number from `from` up to, not including, `to`. */
  between: (from: number, to: number) => number;
  /** One of a list that is not empty. */
  pick: <Item>(list: readonly Item[]) => Item;
}

/** Chance from a seed (mulberry32), so that a run which found something can be run again. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from));
  return {
    happens: share => next() < share,
    between,
    pick: <Item>(list: readonly Item[]) => list[between(0, list.length)] as Item,
  };
}
