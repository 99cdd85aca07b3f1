import type { Host, Visitor } from './visits.ts';

/** How often one host is asked at most. */
export interface Politeness {
  /** Looks that may be at it at one time. */
  atOnce: number;
  /** Requests that may follow upon each other; after them one comes every `60 / aMinute` seconds. */
  burst: number;
  /** Requests in any 60 seconds, the burst among them. */
  aMinute: number;
}

/** A site is a registrable domain with every name under it; at one IP address there may be many sites. */
export const POLITENESS: Readonly<Record<Host['kind'], Politeness>> = {
  site: { atOnce: 2, burst: 10, aMinute: 30 },
  address: { atOnce: 4, burst: 30, aMinute: 120 },
};

/** What is remembered of the looks at one host. All times are epoch milliseconds. */
export interface HostLog {
  /** When the latest requests began, oldest first, as many as `aMinute`. */
  starts: number[];
  /** The looks that are at it, and until when at the latest: one whose process died is not waited for. */
  held: { token: string; until: number }[];
  /** When the last of those that were sent away is to come back. */
  promised: number;
  /** How many requests each look may turn out to be: more than one, since one was sent away half done. */
  room: number;
}

export const UNVISITED: HostLog = { starts: [], held: [], promised: 0, room: 1 };

/** A look and all its redirects (`follow.ts`). */
const MOST_OF_LOOK = 6;

const MINUTE = 60_000;
/** Who would have to wait longer than this for a place in the line begins a new one. */
const LONGEST_LINE = 60 * MINUTE;

/** How far ahead a host may be full, clocks of several processes included. */
export const LONGEST_FULL_MS = 2 * MINUTE;

/** When a host may be asked again, as far as this can be said at `at`. */
export function freeAt(log: HostLog, politeness: Politeness, at: number): number {
  const known = believable(log, at);
  return Math.max(seatFreeAt(known, politeness), pacedAt(known, politeness));
}

/**
 * A look begins at a host, or goes on there after a redirect: what is remembered of it then; null when it may not. One that
 * goes on waits neither for a seat nor for the pace, only for the minute, which holds for redirects, too.
 */
export function begun(
  log: HostLog,
  politeness: Politeness,
  { token, until, at }: { token: string; until: number; at: number },
): HostLog | null {
  const known = believable(log, at);
  const mayBe = isAt(known, token) ? minuteFreeAt(known, politeness.aMinute) : freeAt(log, politeness, at);
  if (mayBe > at) return null;
  const others = known.held.filter(look => look.token !== token);
  return {
    ...known,
    starts: [...known.starts, at].slice(-politeness.aMinute),
    held: [...others, { token, until }],
  };
}

/** A look that may not begin is told when to come back, each a place behind the one before. */
export function sentAway(log: HostLog, politeness: Politeness, at: number): HostLog {
  const known = believable(log, at);
  const gap = MINUTE / politeness.aMinute;
  const paced = pacedAt(known, politeness);
  return { ...known, promised: Math.max(paced > at ? paced : at + gap, known.promised + gap) };
}

/**
 * What a look that asks to begin, or to go on, is told: null for yes, else how long to wait; and what is remembered of that.
 * Where one is sent away half done that is to come back, looks begin only with room for all their redirects, or it might
 * be so for ever.
 */
export function asked(
  log: HostLog,
  politeness: Politeness,
  { token, forMs, once }: Visitor,
  at: number,
): { log: HostLog; waitMs: number | null } {
  const after = begun(log, politeness, { token, until: at + forMs, at });
  if (after) return { log: after, waitMs: null };
  const isHalfDone = isAt(believable(log, at), token);
  const away = sentAway(isHalfDone ? { ...ended(log, token), room: MOST_OF_LOOK } : log, politeness, at);
  return { log: once ? log : away, waitMs: away.promised - at };
}

/** What is remembered when a look has left a host. */
export function ended(log: HostLog, token: string): HostLog {
  return { ...log, held: log.held.filter(look => look.token !== token) };
}

/** Whether nothing that is remembered changes anything any more. */
export function isForgettable(log: HostLog, at: number): boolean {
  const { starts, held, promised } = believable(log, at);
  const latest = Math.max(promised, (starts.at(-1) ?? 0) + MINUTE, ...held.map(look => look.until));
  return latest <= at;
}

/**
 * Without looks whose time is over, and without what is so far ahead that the clock must have been set back since: nobody
 * waits until it is there again. What room looks need is not remembered for longer than a minute.
 */
function believable({ starts, held, promised, room }: HostLog, at: number): HostLog {
  return {
    starts: starts.filter(start => start <= at + MINUTE),
    held: held.filter(look => look.until > at && look.until <= at + MINUTE),
    promised: promised <= at + LONGEST_LINE ? promised : 0,
    room: starts.some(start => start > at - MINUTE) ? room : 1,
  };
}

const isAt = ({ held }: HostLog, token: string): boolean => held.some(look => look.token === token);

function seatFreeAt({ held }: HostLog, { atOnce }: Politeness): number {
  const ends = held.map(look => look.until);
  return ends.sort((a, b) => a - b)[ends.length - atOnce] ?? 0;
}

/** Behind the n-th last request, for each n: the n of them are a burst, part of the pace, or a whole minute's. */
function pacedAt({ starts, held, room }: HostLog, { burst, aMinute }: Politeness): number {
  const gap = MINUTE / aMinute;
  const earliest = starts.map((start, index) => {
    const n = starts.length - index;
    return n >= burst ? start + (n - burst + 1) * gap : 0;
  });
  // What those that are there, and this one, may still ask for is kept free.
  return Math.max(0, ...earliest, minuteFreeAt({ starts }, aMinute - (room - 1) * (held.length + 1)));
}

/** When so few requests lie within a minute that there may be one more. */
function minuteFreeAt({ starts }: Pick<HostLog, 'starts'>, most: number): number {
  const last = starts.at(-most);
  return last === undefined ? 0 : last + MINUTE;
}
