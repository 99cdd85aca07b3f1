const DAY_MS = 24 * 60 * 60 * 1000;

/** Before the web was public nothing was published on it. */
const EARLIEST = Date.UTC(1990, 0, 1);

/** ISO 8601 as pages write it: a date, or a date and a time with or without seconds and zone. */
const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(?:(Z)|([+-]\d\d):?(\d\d))?)?$/i;

/**
 * When a page says it was published, in epoch milliseconds: the first of its dates that can be true, that is
 * between 1990 and one day after `now`. Without a zone a time is taken as UTC. Null when there is none.
 */
export function publishedAt(dates: readonly (string | undefined)[], now: number): number | null {
  for (const date of dates) {
    const at = instant(date?.trim() ?? '');
    if (at >= EARLIEST && at <= now + DAY_MS) return at;
  }
  return null;
}

/** NaN for what is no date. */
function instant(text: string): number {
  const [, day, time = '00:00', , hours, minutes] = ISO.exec(text) ?? [];
  return Date.parse(`${day}T${time}${hours ? `${hours}:${minutes}` : 'Z'}`);
}
