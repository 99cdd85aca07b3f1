import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { domainOf } from '../mentions/domain.ts';
import type { Sight } from '../mentions/mention.ts';
import type { Claim, ClaimedMention, Mentions, Settlement } from '../mentions/mentions.ts';
import type { SourceRules } from '../mentions/source-key.ts';
import { evidenceOf, type TopicAt } from './evidence.ts';
import type { Followed } from './follow.ts';
import { type Outcome, type OutcomeNeeds, outcomeOf, type Seen } from './outcomes.ts';
import { fromRead, standsFor } from './read-lately.ts';
import { seenBy } from './seen.ts';

/** Longer than any look, so that a lease ends only when its holder is gone. */
export const LEASE_MS = 60_000;
/** After a fault of the store, so that a missing database is not hammered. */
export const AFTER_FAULT_MS = 1_000;

export interface SettlingNeeds extends OutcomeNeeds {
  mentions: Pick<Mentions, 'settle'>;
  topicAt: TopicAt;
  /** `FETCH_ALLOW`, which is looked at whenever somebody asks. */
  rules: Pick<SourceRules, 'allow'>;
  now: () => number;
  /** Told after each settle: what was seen, if anybody looked, and whether the topic's public list changed. */
  settled: (mention: ClaimedMention, saw: Sight['saw'] | null, visible: boolean) => void;
  log: Logger;
}

/** What a claim comes to, written down mention by mention. */
export interface Settling {
  /**
   * Settles what can be settled without a look, because the page was read lately. 0: all of it is settled; else the
   * milliseconds until the page has to be looked at; null: now.
   */
  fromRead: (claim: Claim) => Promise<number | null>;
  /** What a look, or (null) one look after the other that never ended, makes of each mention. */
  fromLook: (claim: Claim, look: Followed | null, goOn: () => boolean) => Promise<void>;
}

export function createSettling(needs: SettlingNeeds): Settling {
  const { mentions, topicAt, rules, judge, chance, now, settled, log } = needs;

  const isLimited = ({ sourceUrl }: ClaimedMention) => domainOf(new URL(sourceUrl), rules.allow) !== '';

  /** A store that is away for a moment costs no second look: the lease is ours meanwhile, and the token fences. */
  async function settleLate(
    token: string,
    mention: ClaimedMention,
    { found, look, goOn }: { found: Outcome; look: Followed | null; goOn: () => boolean },
  ) {
    const leaseEnds = now() + LEASE_MS;
    for (let tries = 1; ; tries++) {
      try {
        return await mentions.settle(token, mention, look ? await proven(mention, found, look) : found);
      } catch (error) {
        if (!goOn() || now() >= leaseEnds) throw error;
        // Once a look: a store that is away has dozens of them tried every second.
        if (tries === 1) log.warn({ err: error, mention: mention.id }, 'a look could not be settled yet');
        await pause(AFTER_FAULT_MS);
      }
    }
  }

  async function proven(mention: ClaimedMention, found: Outcome, look: Followed): Promise<Settlement> {
    const evidence = await evidenceOf(topicAt, mention, look);
    return { ...found, evidence: { ...evidence, saw: found.sight.saw } };
  }

  return {
    async fromRead({ token, mentions: claimed }) {
      const stands = Math.min(...claimed.map(mention => (isLimited(mention) ? standsFor(mention) : 0)));
      if (stands === 0) return null;
      let wait = 0;
      for (const mention of claimed) {
        const settlement = fromRead({ judge, chance }, mention, now());
        if (!settlement) {
          wait = stands;
          continue;
        }
        const { visible } = await mentions.settle(token, mention, settlement);
        log.info({ mention: mention.id, source: mention.sourceUrl }, 'a ping was settled from what was read');
        settled(mention, null, visible);
      }
      return wait;
    },
    async fromLook({ token, mentions: claimed }, look, goOn) {
      // One of each for all topics of the post, so that its next look is one look again.
      const [at, chosen] = [now(), chance()];
      for (const mention of claimed) {
        const seen: Seen = look ? seenBy(mention, look, at) : { saw: 'interrupted' };
        const { rest, ...outcome } = outcomeOf({ judge, chance: () => chosen }, mention, seen, at);
        const pingsMs = isLimited(mention) ? rest?.pingsMs : rest?.allMs;
        const found = rest && pingsMs ? { ...outcome, rest: { ...rest, pingsMs } } : outcome;
        const { result, visible } = await settleLate(token, mention, { found, look, goOn });
        const { saw } = found.sight;
        const { id, sourceUrl } = mention;
        log.info({ mention: id, source: sourceUrl, saw, status: found.status, result }, 'look');
        settled(mention, saw, visible);
      }
    },
  };
}
