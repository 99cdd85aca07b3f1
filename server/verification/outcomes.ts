import type { PageFacts, Shown, Sight, Status, Trouble } from '../mentions/mention.ts';
import type { ClaimedMention, Settlement } from '../mentions/mentions.ts';
import { siteOfKey } from '../mentions/source-key.ts';
import type { Judge } from '../moderation/judge.ts';

/** What a look came to, for one mention. */
export type Seen =
  | { saw: 'linked'; finalUrl: string; finalKey: string; site: string; page: PageFacts; shown: Shown }
  | { saw: 'no-link' }
  | { saw: 'gone' | 'not-html'; status: number }
  | { saw: Trouble; status?: number; retryAfterMs?: number };

/** What a look makes of a mention. */
export type Outcome = Settlement & { sight: Sight };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After a failure, while nothing is listed. */
export const RETRIES: readonly number[] = [30 * SECOND, 5 * MINUTE, HOUR, DAY];
/** After the ping, when the page has no link: a static site may still be building. */
const UNLINKED_LOOKS = [5 * MINUTE, HOUR, DAY];
/** After each look at a listed post. */
const LISTED_LOOKS = [HOUR, DAY, 7 * DAY];
const LATER_LOOKS = 30 * DAY;
/** A listed post that fails is asked again daily, and withdrawn when it fails for this long. */
const FAILING_LOOKS = DAY;
const FAILURES_TO_WITHDRAW = { times: 3, over: 3 * DAY };
/** After a failure a ping joins the ladder: whoever sends many would else have a site asked many times. */
const NO_PING_LOOKS = 10 * MINUTE;
/** However long a site asks us to wait. */
const LONGEST_PAUSE = DAY;

/**
 * The one table of what becomes of a post (architecture.md 5): from where it stands and what the look
 * saw to where it stands next and when it is looked at again.
 */
export function outcomeOf(mention: ClaimedMention, seen: Seen, now: number, judge: Judge): Outcome {
  switch (seen.saw) {
    case 'linked':
      return linked(mention, seen, judge);
    case 'no-link':
      return noLink(mention);
    case 'gone':
    case 'not-html':
      return ended(mention, seen);
    default:
      return failed(mention, seen, now);
  }
}

function linked(mention: ClaimedMention, seen: Extract<Seen, { saw: 'linked' }>, judge: Judge): Outcome {
  if (leadsElsewhere(mention, seen)) return withdrawn({ saw: 'moved' }, LATER_LOOKS);
  const { saw, ...facts } = seen;
  const wasListed = mention.status === 'listed';
  const status = wasListed ? 'listed' : judge(mention);
  const looks = wasListed ? mention.tries : 0;
  return {
    ...facts,
    status,
    dueIn: status === 'listed' ? (LISTED_LOOKS[looks] ?? LATER_LOOKS) : null,
    tries: looks + 1,
    failing: null,
    sight: { saw },
  };
}

/**
 * Whoever owns an address that once redirected to somebody's post may point it anywhere; the listing is that
 * post's, so it does not go along to another site. A post that was listed under its own address may move.
 */
function leadsElsewhere(
  { key, listedKey }: ClaimedMention,
  { finalKey, site }: { finalKey: string; site: string },
): boolean {
  if (listedKey === null || listedKey === finalKey || listedKey === key) return false;
  return siteOfKey(listedKey) !== site;
}

function noLink(mention: ClaimedMention): Outcome {
  const sight = { saw: 'no-link' } as const;
  if (wasPublic(mention.status)) return withdrawn(sight, LATER_LOOKS);
  const next = UNLINKED_LOOKS.find(offset => offset > mention.sincePing);
  return {
    status: 'unlinked',
    dueIn: next ? next - mention.sincePing : null,
    tries: 0,
    failing: null,
    sight,
  };
}

function ended(
  mention: ClaimedMention,
  { saw, status }: Extract<Seen, { saw: 'gone' | 'not-html' }>,
): Outcome {
  const sight = { saw, status };
  if (wasPublic(mention.status)) return withdrawn(sight, null);
  return { status: 'unreachable', dueIn: null, tries: 0, failing: null, sight };
}

function failed(mention: ClaimedMention, seen: Extract<Seen, { saw: Trouble }>, now: number): Outcome {
  const sight = seen.status === undefined ? { saw: seen.saw } : { saw: seen.saw, status: seen.status };
  const pause = Math.min(seen.retryAfterMs ?? 0, LONGEST_PAUSE);
  const rest = { pingsMs: Math.max(NO_PING_LOOKS, pause), allMs: pause };
  if (mention.status === 'withdrawn') return { ...withdrawn(sight, LATER_LOOKS), rest };
  if (mention.status === 'listed') {
    const failing = { times: (mention.failing?.times ?? 0) + 1, since: mention.failing?.since ?? now };
    const { times, over } = FAILURES_TO_WITHDRAW;
    if (failing.times >= times && now - failing.since >= over)
      return { ...withdrawn(sight, LATER_LOOKS), rest };
    return {
      status: 'listed',
      dueIn: Math.max(FAILING_LOOKS, pause),
      tries: mention.tries,
      failing,
      rest,
      sight,
    };
  }
  // The other address of a listed post: the listing has looks of its own.
  if (mention.status === 'merged')
    return { status: 'merged', dueIn: null, tries: 0, failing: null, rest, sight };
  const delay = seen.saw === 'broke-reader' ? undefined : RETRIES[mention.tries];
  if (delay === undefined)
    return { status: 'unreachable', dueIn: null, tries: 0, failing: null, rest, sight };
  return {
    status: 'pending',
    dueIn: Math.max(delay, pause),
    tries: mention.tries + 1,
    failing: null,
    rest,
    sight,
  };
}

function withdrawn(sight: Sight, dueIn: number | null): Outcome {
  return { status: 'withdrawn', dueIn, tries: 0, failing: null, sight };
}

/** Listed now, or listed once and taken back by its author: what it becomes is said of a listing. */
function wasPublic(status: Status): boolean {
  return status === 'listed' || status === 'withdrawn';
}
