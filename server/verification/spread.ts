/** Chance as a number from 0 up to, but never, 1: an argument everywhere, so that tests can say what comes of it. */
export type Chance = () => number;

const DAY = 24 * 60 * 60 * 1_000;
/** How much of a wait may be left out. */
export const MOST_EARLY = 0.1;

/**
 * A wait of a day or more, up to a tenth shorter by chance. Most blogs publish in the evening, so looks that come
 * whole days later would be owed in the same hours day after day. Never longer: "after 24 h" is to be true.
 */
export function spread(ms: number, chance: Chance): number {
  return ms < DAY ? ms : Math.ceil(ms * (1 - MOST_EARLY * chance()));
}
