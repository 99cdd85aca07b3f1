/** So many within so many seconds. */
export interface Rate {
  most: number;
  seconds: number;
}

/**
 * Somebody went beyond a rate: how many came in the present window, if that is known (who is far beyond it is
 * turned away uncounted), and how long the window still lasts, in milliseconds.
 */
export interface Overrun {
  rate: Rate;
  count: number | null;
  waitMs: number;
}

/** Counts one more of what a key names; null while it keeps to the rate. Never rejects. */
export type Limit = (key: string) => Promise<Overrun | null>;

/**
 * Port: what is counted to keep to rates. Processes that share a store share the counts, as long as it gives
 * one within 50 ms; otherwise each counts for itself for a second. Contract in `test/storage/limits.contract.ts`.
 */
export interface Limits {
  /** A limit of its own for each name; its windows begin with the first that is counted. */
  of(name: string, rate: Rate): Limit;
}

/** What was gone beyond, with the words a page needs to say so. */
export interface Over extends Overrun {
  what: 'sender' | 'site' | 'pair' | 'topic';
}

/** One limit made of several rates, of which the first that is gone beyond answers. No rates: no limit. */
export function limitOf(
  limits: Limits,
  what: Over['what'],
  rates: readonly Rate[],
): (key: string) => Promise<Over | null> {
  const all = rates.map(rate => limits.of(`${what}-${rate.seconds}`, rate));
  return async key => {
    for (const limit of all) {
      const overrun = await limit(key);
      if (overrun) return { ...overrun, what };
    }
    return null;
  };
}

/** How long to wait, as `Retry-After` has it. */
export const secondsOf = ({ waitMs }: Pick<Overrun, 'waitMs'>): number =>
  Math.max(1, Math.ceil(waitMs / 1_000));

/** No window is longer than a day, because the key that senders are hashed with changes daily. */
const LONGEST_WINDOW = 86_400;

/** A setting such as `30/60,300/86400`, or `off` for no limit; undefined for anything else. */
export function readRates(text: string): readonly Rate[] | undefined {
  if (text === 'off') return [];
  const rates = text.split(',').map(item => {
    const [, most, seconds] = /^\s*(\d{1,9})\/(\d{1,5})\s*$/.exec(item) ?? [];
    return { most: Number(most), seconds: Number(seconds) };
  });
  const right = rates.every(({ most, seconds }) => most >= 1 && seconds >= 1 && seconds <= LONGEST_WINDOW);
  const different = new Set(rates.map(rate => rate.seconds)).size === rates.length;
  return right && different ? rates : undefined;
}
