import { type Limits, limitOf, type Over, type Rate } from './limits.ts';
import type { Door } from './mention.ts';
import type { Mentions } from './mentions.ts';

/** How many pings are taken: from one site, of one post in one topic through one door, for one topic. */
export interface PingRates {
  site: readonly Rate[];
  pair: readonly Rate[];
  topic: readonly Rate[];
  /** Pings are taken while fewer looks than that are owed; null for no bound. */
  queue: number | null;
}

/** What the doors take; `sender` is one network, through all doors together. */
export interface RateLimits extends PingRates {
  sender: readonly Rate[];
}

/** A ping that could be taken. */
export interface Takeable {
  key: string;
  site: string;
  topicId: string;
  via: Door;
}

/** Why a ping is not taken now. */
export type TurnedBack = { refusal: 'too-many'; over: Over } | { refusal: 'busy' };

export interface PingLimitNeeds {
  rates: PingRates;
  limits: Limits;
  mentions: Pick<Mentions, 'countDue'>;
  now: () => number;
}

const QUEUE_KNOWN_MS = 1_000;

/**
 * The limits of the one way in, so that every door has them: null for a ping that may be taken. The topic is counted
 * last, so that nothing that is turned away uses up what others may send it. A pair is counted door by door,
 * because an honest blog sends one post through all of them at once.
 */
export function createPingLimit(needs: PingLimitNeeds): (ping: Takeable) => Promise<TurnedBack | null> {
  const { rates, limits } = needs;
  const pair = limitOf(limits, 'pair', rates.pair);
  const site = limitOf(limits, 'site', rates.site);
  const topic = limitOf(limits, 'topic', rates.topic);
  const isFull = createQueueBound(needs);

  return async ping => {
    if (await isFull()) return { refusal: 'busy' };
    const over =
      (await site(ping.site)) ??
      (await pair(`${ping.topicId} ${ping.via} ${ping.key}`)) ??
      (await topic(ping.topicId));
    return over && { refusal: 'too-many', over };
  };
}

/** Whether as many looks are owed as there may be, asked at most once a second. */
function createQueueBound({ rates: { queue }, mentions, now }: PingLimitNeeds): () => Promise<boolean> {
  let known = { at: Number.NEGATIVE_INFINITY, full: Promise.resolve(false) };
  return async () => {
    if (queue === null) return false;
    const age = now() - known.at;
    // Negative when the clock was set back.
    if (age < 0 || age > QUEUE_KNOWN_MS) {
      // A store that is away will say so itself.
      const full = mentions.countDue().then(
        due => due >= queue,
        () => false,
      );
      known = { at: now(), full };
    }
    return known.full;
  };
}
