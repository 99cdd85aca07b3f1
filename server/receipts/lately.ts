import { KEPT_MS, lastChange } from '../mentions/history.ts';
import type { Evidence, HistoryEvent, Mention, Sight, Status } from '../mentions/mention.ts';

/** A post may be looked at this often when people press the button. */
export const BETWEEN_LOOKS_MS = 60_000;

/** Nobody who waits for so long is told of a few seconds. */
const AT_ONCE_MS = 30_000;

/** What the latest look met; less is known of looks that left no evidence, such as one that never ended. */
export type LatestLook = Sight & { at: number; evidence: Evidence | null };

/**
 * The latest look at a post, from its evidence or else its history, which have one time from the engine; null before
 * the first look.
 */
export function latestLook({ evidence, history }: Pick<Mention, 'evidence' | 'history'>): LatestLook | null {
  const looked = history.findLast(event => event.kind === 'looked');
  const at = looked ? (looked.last ?? looked.at) : null;
  if (evidence && (at === null || evidence.at >= at)) {
    const status = evidence.status === null ? {} : { status: evidence.status };
    return { at: evidence.at, saw: evidence.saw, ...status, evidence };
  }
  if (!looked || at === null) return null;
  return {
    at,
    saw: looked.saw,
    ...(looked.status === undefined ? {} : { status: looked.status }),
    evidence: null,
  };
}

/** Where a post stands, as its author is told: its status, and while nothing is decided, what goes on. */
export type Situation = Exclude<Status, 'pending'> | 'checking' | 'trying-again';

/** `now` and the look that is owed come from one record, so page, feeds and receipt say the same. */
export function situationOf(mention: Mention, now: number): Situation {
  const { status } = mention;
  if (status === 'pending') {
    return latestLook(mention) === null || isOwed(mention, now) ? 'checking' : 'trying-again';
  }
  const open = status === 'unlinked' || status === 'unreachable';
  return open && isOwed(mention, now) ? 'checking' : status;
}

/** Whether a look is under way, or begins as soon as a looker is free. */
export const isOwed = ({ due }: Pick<Mention, 'due'>, now: number): boolean => due !== null && due <= now;

/**
 * What the first look waits for: its turn, since a site is asked only so often, or the end of a pause that the site
 * asked for in another topic. Null for a look that can begin: that one begins within seconds.
 */
export function waitsFor({
  mention,
  now,
  lookableAt: from,
}: {
  mention: Mention;
  now: number;
  lookableAt: number | null;
}): 'turn' | 'pause' | null {
  const { status, due } = mention;
  if (status !== 'pending' || due === null || latestLook(mention) !== null) return null;
  if (due > now && from !== null && due >= from) return 'pause';
  return due > now || due < now - AT_ONCE_MS ? 'turn' : null;
}

/** What is not listed and did not change for 90 days is gone from view, stored or not. */
export function isForgotten(mention: Mention, now: number): boolean {
  return mention.status !== 'listed' && lastChange(mention) < now - KEPT_MS;
}

/**
 * When a post, under one address in any number of topics, may be looked at again, which its site may have put off;
 * null for now.
 */
export function lookableAt(mentions: readonly Mention[], now: number): number | null {
  const times = mentions.flatMap(mention => [
    (latestLook(mention)?.at ?? 0) + BETWEEN_LOOKS_MS,
    mention.rest?.allUntil ?? 0,
  ]);
  const earliest = Math.max(...times);
  return earliest > now ? earliest : null;
}

/**
 * How often a post was pinged, and when the last time. What came for an address that was merged into it is known by
 * its door only; and pings of more than 90 days ago are forgotten, but there was one.
 */
export function pingsOf({ doors, history }: Pick<Mention, 'doors' | 'history'>): {
  count: number;
  last: number;
} {
  const pings = history.filter(event => event.kind === 'pinged');
  const counted = pings.reduce((sum, event) => sum + (event.count ?? 1), 0);
  return { count: Math.max(doors.length, counted), last: Math.max(...doors.map(door => door.last)) };
}

/** When a post came to stand where it stands; null where its history no longer says so. */
export function becameAt(history: readonly HistoryEvent[], status: Status): number | null {
  return history.findLast(event => event.kind === 'became' && event.status === status)?.at ?? null;
}
