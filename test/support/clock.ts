/** A clock that tests move. */
export interface Clock {
  now: () => number;
  advance: (ms: number) => void;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** 17 July 2026, 14:02:19 UTC, a Friday. */
export function aClock(start = Date.UTC(2026, 6, 17, 14, 2, 19)): Clock {
  let at = start;
  return {
    now: () => at,
    advance(ms) {
      at += ms;
    },
  };
}
