/**
 * How long work on a shared database rests after it took so long, in milliseconds: so it takes a third of the time at
 * most, and more is done at once where the database is slow. Whoever waits meanwhile waits half a second at most.
 */
export const restAfter = (tookMs: number): number => Math.min(2 * tookMs, 500);
