import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { domainOf } from '../mentions/domain.ts';
import type { Sight } from '../mentions/mention.ts';
import type { Claim, ClaimedMention, Mentions, Settlement } from '../mentions/mentions.ts';
import type { SourceRules } from '../mentions/source-key.ts';
import type { Judge } from '../moderation/judge.ts';
import type { TopicKey } from '../topics/targets.ts';
import type { Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import { evidenceOf, type TopicAt } from './evidence.ts';
import { type Followed, follow } from './follow.ts';
import type { Wanted } from './hop.ts';
import { countReceipts } from './linked-receipts.ts';
import { type Outcome, outcomeOf, type Seen } from './outcomes.ts';
import { POLITENESS } from './politeness.ts';
import { fromRead, standsFor } from './read-lately.ts';
import { seenBy } from './seen.ts';
import type { OpenVisit, PutOff, Visit } from './visit.ts';
import type { Visits } from './visits.ts';
import type { WhoAsked } from './who-asked.ts';

/** Longer than any look, so that a lease ends only when its holder is gone. */
const LEASE_MS = 60_000;
/** Claims that were never settled, after which a post is set aside. */
const MOST_ATTEMPTS = 5;
/** A page that broke its reader is not tried again at once. */
const AFTER_BREAK_MS = 30_000;
/** After a fault of the store, so that a missing database is not hammered. */
const AFTER_FAULT_MS = 1_000;

export interface WorkerNeeds {
  mentions: Mentions;
  topics: Pick<Topics, 'byId'>;
  openVisit: OpenVisit;
  visits: Pick<Visits, 'fullSites'>;
  targetsOf: (topic: Topic, mentionId: string) => TopicKey[];
  topicAt: TopicAt;
  rules: SourceRules;
  whoAsked: WhoAsked;
  judge: Judge;
  now: () => number;
  /** Told after each settle: what was seen, if anybody looked, and whether the topic's public list changed. */
  settled: (mention: ClaimedMention, saw: Sight['saw'] | null, visible: boolean) => void;
  log: Logger;
  /** The longest the worker sleeps without a nudge, so that work of other processes is found. */
  longestNapMs: number;
  /** How many looks are under way at once; nearly all of them wait for somebody's server. */
  looks?: number;
}

export type Worker = ReturnType<typeof createWorker>;

/**
 * Looks at what is due: claims sources under a lease, looks at each, settles. The stored row is
 * the queue, so a worker that dies at any moment loses nothing: its lease ends and the look is owed again.
 */
export function createWorker(needs: WorkerNeeds) {
  const {
    mentions,
    topics,
    openVisit,
    visits,
    targetsOf,
    topicAt,
    rules,
    whoAsked,
    judge,
    now,
    settled,
    log,
    longestNapMs,
    looks = 64,
  } = needs;
  const underWay = new Map<string, Promise<void>>();
  let running = false;
  let round: Promise<void> | null = null;
  let again = false;
  let nap: NodeJS.Timeout | undefined;

  /** Claims what is due, as far as there is room; called again whenever something may have become due. */
  function wake(): void {
    if (!running) return;
    if (round) {
      again = true;
      return;
    }
    clearTimeout(nap);
    again = false;
    round = claimSome()
      .catch(error => {
        log.error({ err: error }, 'the worker could not claim');
        return AFTER_FAULT_MS;
      })
      .then(napMs => {
        round = null;
        if (again) wake();
        else if (running && napMs !== null) nap = setTimeout(wake, napMs);
      });
  }

  /** How long to sleep now; null when a look that ends will wake the worker. */
  async function claimSome(): Promise<number | null> {
    const room = looks - underWay.size;
    if (room <= 0) return null;
    const full = await visits.fullSites();
    const passOver = [...full.keys()];
    const ofDomain = POLITENESS.site.atOnce;
    const claims = await mentions.claimDue({ forMs: LEASE_MS, limit: room, passOver, ofDomain });
    const opened = await Promise.all(claims.map(begin));
    if (claims.length === room && !opened.includes(false)) return null;
    return Math.min((await mentions.nextDueIn(passOver)) ?? longestNapMs, ...full.values(), longestNapMs);
  }

  /** Whether the look at a source is under way; if its site may not be visited, the look is put off. */
  async function begin(claim: Claim): Promise<boolean> {
    const first = claim.mentions[0];
    if (!first) return false;
    const stands = isLimited(first) ? Math.min(...claim.mentions.map(standsFor)) : 0;
    if (stands > 0) return settleFromRead(claim, stands);
    const visit = await openVisit(first.sourceUrl, claim.token);
    if ('kind' in visit) {
      await putOff(claim, visit);
      return false;
    }
    const look = lookAt(claim, first, visit)
      .catch(error => log.error({ err: error, key: claim.key }, 'a look was not settled'))
      .finally(() => {
        underWay.delete(claim.token);
        wake();
      });
    underWay.set(claim.token, look);
    return true;
  }

  /** What `FETCH_ALLOW` names is looked at whenever somebody asks. */
  function isLimited({ sourceUrl }: ClaimedMention): boolean {
    return domainOf(new URL(sourceUrl), rules.allow) !== '';
  }

  /** No look is under way then; what only the page can tell is looked at when its reading stands no longer. */
  async function settleFromRead(claim: Claim, stands: number): Promise<false> {
    const asked = whoAsked.of(claim.key);
    let open = false;
    for (const mention of claim.mentions) {
      const settlement = fromRead(mention, now(), judge);
      open ||= settlement === null;
      if (!settlement) continue;
      const { visible } = await mentions.settle(claim.token, mention, settlement);
      log.info({ mention: mention.id, source: mention.sourceUrl }, 'a ping was settled from what was read');
      settled(mention, null, visible);
    }
    if (open) await putOff(claim, { kind: 'put-off', waitMs: stands });
    else whoAsked.settled(claim.key, asked);
    return false;
  }

  async function putOff({ token, key }: Claim, { waitMs }: PutOff): Promise<void> {
    log.debug({ key, waitMs }, 'a look was put off');
    await mentions.putOff(token, waitMs);
  }

  async function lookAt(claim: Claim, first: ClaimedMention, visit: Visit): Promise<void> {
    const attempts = Math.max(...claim.mentions.map(mention => mention.attempts));
    // Whatever ended those processes may have nothing to do with the post, so it is tried again, but later.
    if (attempts > MOST_ATTEMPTS) return visit.leave().then(() => settleAll(claim, null));
    const asked = whoAsked.of(claim.key);
    const sender = asked?.sender ?? null;
    const followed = await wantedOf(claim.mentions)
      .then(wanted => follow(first.sourceUrl, wanted, { hop: visit.hop, rules, now }, sender))
      .finally(visit.leave);
    if ('kind' in followed) return putOff(claim, followed);
    const look = await countReceipts(followed, claim.mentions, topicAt);
    const { answer } = look;
    if (answer.kind === 'failed' && answer.trouble === 'broke-reader' && attempts < MOST_ATTEMPTS) {
      log.warn({ source: first.sourceUrl, attempts }, 'a page broke its reader');
      return mentions.release(claim.token, AFTER_BREAK_MS);
    }
    await settleAll(claim, look);
    whoAsked.settled(claim.key, asked);
  }

  async function wantedOf(claimed: ClaimedMention[]): Promise<Wanted[]> {
    return Promise.all(
      claimed.map(async ({ id, topicId, claim }) => {
        const topic = await topics.byId(topicId);
        return { id, claim, targets: topic ? targetsOf(topic, id) : [] };
      }),
    );
  }

  /** A store that is away for a moment costs no second look: the lease is ours meanwhile, and the token fences. */
  async function settleLate(token: string, mention: ClaimedMention, found: Outcome, look: Followed | null) {
    const leaseEnds = now() + LEASE_MS;
    for (;;) {
      try {
        return await mentions.settle(token, mention, look ? await proven(mention, found, look) : found);
      } catch (error) {
        if (!running || now() >= leaseEnds) throw error;
        log.warn({ err: error, mention: mention.id }, 'a look could not be settled yet');
        await pause(AFTER_FAULT_MS);
      }
    }
  }

  async function proven(mention: ClaimedMention, found: Outcome, look: Followed): Promise<Settlement> {
    const evidence = await evidenceOf(topicAt, mention, look);
    return { ...found, evidence: { ...evidence, saw: found.sight.saw } };
  }

  /** What a look, or (null) one look after the other that never ended, makes of each of its mentions. */
  async function settleAll(claim: Claim, look: Followed | null): Promise<void> {
    for (const mention of claim.mentions) {
      const seen: Seen = look ? seenBy(mention, look, now()) : { saw: 'interrupted' };
      const { rest, ...outcome } = outcomeOf(mention, seen, now(), judge);
      const resting = rest && !isLimited(mention) ? { ...rest, pingsMs: rest.allMs } : rest;
      const settlement = resting ? { ...outcome, rest: resting } : outcome;
      const { result, visible } = await settleLate(claim.token, mention, settlement, look);
      log.info(
        {
          mention: mention.id,
          source: mention.sourceUrl,
          saw: settlement.sight.saw,
          status: settlement.status,
          result,
        },
        'look',
      );
      settled(mention, settlement.sight.saw, visible);
    }
  }

  return {
    start() {
      running = true;
      wake();
    },
    wake,
    /** Ends claiming and waits for the looks under way, which their own deadline bounds. */
    async stop() {
      running = false;
      clearTimeout(nap);
      await round;
      await Promise.all(underWay.values());
    },
  };
}
