import type { HistoryEvent } from './mention.ts';

const MOST_EVENTS = 50;

/**
 * A history with one more event. Equal neighbours become one with a count, and only the newest
 * 50 are kept, so that a flood of pings for one post never grows its record.
 */
export function withEvent(history: readonly HistoryEvent[], event: HistoryEvent): HistoryEvent[] {
  const last = history.at(-1);
  if (last && sameButForTime(last, event)) {
    return [...history.slice(0, -1), { ...last, last: event.at, count: (last.count ?? 1) + 1 }];
  }
  return [...history, event].slice(-MOST_EVENTS);
}

function sameButForTime(a: HistoryEvent, b: HistoryEvent): boolean {
  const plain = ({ at: _at, last: _last, count: _count, ...rest }: HistoryEvent) => JSON.stringify(rest);
  return plain(a) === plain(b);
}
