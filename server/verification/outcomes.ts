import type { PageFacts, Shown, Sight, Status, Trouble } from '../mentions/mention.ts';
import type { ClaimedMention, Settlement } from '../mentions/mentions.ts';
import { siteOfKey } from '../mentions/source-key.ts';
import type { Judge } from '../moderation/judge.ts';
import { type Chance, MOST_EARLY, spread } from './spread.ts';

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
/** After each look at a listed post; `spread.ts` lets those of a day or more come a little earlier. */
const LISTED_LOOKS = [HOUR, DAY, 7 * DAY];
const LATER_LOOKS = 30 * DAY;
/** A listed post that fails is asked again daily, and withdrawn when it fails for this long. */
const FAILING_LOOKS = DAY;
const FAILURES_TO_WITHDRAW = { times: 3, over: 3 * DAY };
/** After a failure a ping joins the ladder: whoever sends many would else have a site asked many times. */
const NO_PING_LOOKS = 10 * MINUTE;
/** However long a site asks us to wait. */
const LONGEST_PAUSE = DAY;

/** What the table cannot know: what becomes of a linked post, and how much earlier each later look comes. */
export interface OutcomeNeeds {
  judge: Judge;
  chance: Chance;
}

/**
 * The one table of what becomes of a post (architecture.md 5): from where it stands and what the look
 * saw to where it stands next and when it is looked at again.
 */
export function outcomeOf(needs: OutcomeNeeds, mention: ClaimedMention, seen: Seen, now: number): Outcome {
  switch (seen.saw) {
    case 'linked':
      return linked(needs, mention, seen);
    case 'no-link':
      return noLink(needs, mention);
    case 'gone':
    case 'not-html':
      return ended(mention, seen);
    default:
      return failed(needs, mention, seen, now);
  }
}

function linked(
  { judge, chance }: OutcomeNeeds,
  mention: ClaimedMention,
  seen: Extract<Seen, { saw: 'linked' }>,
): Outcome {
  if (leadsElsewhere(mention, seen)) return withdrawn({ saw: 'moved' }, spread(LATER_LOOKS, chance));
  const { saw, ...facts } = seen;
  const status = judge(mention, seen);
  const looks = mention.status === 'listed' ? mention.tries : 0;
  return {
    ...facts,
    status,
    dueIn: status === 'listed' ? spread(LISTED_LOOKS[looks] ?? LATER_LOOKS, chance) : null,
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

function noLink({ chance }: OutcomeNeeds, mention: ClaimedMention): Outcome {
  const sight = { saw: 'no-link' } as const;
  if (wasPublic(mention.status)) return withdrawn(sight, spread(LATER_LOOKS, chance));
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

function failed(
  { chance }: OutcomeNeeds,
  mention: ClaimedMention,
  seen: Extract<Seen, { saw: Trouble }>,
  now: number,
): Outcome {
  const sight = seen.status === undefined ? { saw: seen.saw } : { saw: seen.saw, status: seen.status };
  const pause = Math.min(seen.retryAfterMs ?? 0, LONGEST_PAUSE);
  const rest = { pingsMs: Math.max(NO_PING_LOOKS, pause), allMs: pause };
  if (mention.status === 'withdrawn') return { ...withdrawn(sight, spread(LATER_LOOKS, chance)), rest };
  if (mention.status === 'listed') {
    const failing = { times: (mention.failing?.times ?? 0) + 1, since: mention.failing?.since ?? now };
    const { times, over } = FAILURES_TO_WITHDRAW;
    const left = failing.since + over - now;
    if (failing.times >= times && left <= 0)
      return { ...withdrawn(sight, spread(LATER_LOOKS, chance)), rest };
    return {
      status: 'listed',
      dueIn: Math.max(nextOfFailing(left, chance), pause),
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

/** A look that came just too early to withdraw would put that off for a day, so it waits for what is `left`. */
function nextOfFailing(left: number, chance: Chance): number {
  const wait = spread(FAILING_LOOKS, chance);
  const short = left - wait;
  return short > 0 && short <= MOST_EARLY * FAILURES_TO_WITHDRAW.over ? left : wait;
}

function withdrawn(sight: Sight, dueIn: number | null): Outcome {
  return { status: 'withdrawn', dueIn, tries: 0, failing: null, sight };
}

/** Listed now, or listed once and taken back by its author: what it becomes is said of a listing. */
function wasPublic(status: Status): boolean {
  return status === 'listed' || status === 'withdrawn';
}
