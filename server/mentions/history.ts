import type { HistoryEvent, Mention } from './mention.ts';

const MOST_EVENTS = 50;

/** How long an event is remembered, and a receipt after its last change. */
export const KEPT_DAYS = 90;
export const KEPT_MS = KEPT_DAYS * 24 * 60 * 60 * 1000;

/**
 * A history with one more event. Equal neighbours become one with a count, and only the newest
 * 50 of the last 90 days are kept, so that a flood of pings for one post never grows its record.
 */
export function withEvent(history: readonly HistoryEvent[], event: HistoryEvent): HistoryEvent[] {
  const young = history.filter(one => (one.last ?? one.at) >= event.at - KEPT_MS);
  const last = young.at(-1);
  if (last && sameButForTime(last, event)) {
    return [...young.slice(0, -1), { ...last, last: event.at, count: (last.count ?? 1) + 1 }];
  }
  return [...young, event].slice(-MOST_EVENTS);
}

/**
 * When a post's record last changed: every ping and every look leaves an event. Its first ping, once all
 * of its history was forgotten.
 */
export function lastChange(mention: Pick<Mention, 'history' | 'firstPingAt'>): number {
  const last = mention.history.at(-1);
  return last ? (last.last ?? last.at) : mention.firstPingAt;
}

function sameButForTime(a: HistoryEvent, b: HistoryEvent): boolean {
  const plain = ({ at: _at, last: _last, count: _count, ...rest }: HistoryEvent) => JSON.stringify(rest);
  return plain(a) === plain(b);
}
