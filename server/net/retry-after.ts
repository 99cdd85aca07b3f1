/** No site may put itself off for longer. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * The pause in milliseconds that a `Retry-After` asks for, given in seconds or as a date (RFC 9110, section
 * 10.2.3), at most a day; null when it says neither. `now` is epoch milliseconds.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  // Date.parse makes a date of nearly any figures; those that HTTP knows begin with the day of the week.
  if (!/^(?:\d+$|[A-Z][a-z]+)/.test(text) || Number.isNaN(ms)) return null;
  return Math.min(Math.max(ms, 0), LONGEST_MS);
}
