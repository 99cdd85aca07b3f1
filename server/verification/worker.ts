import { setTimeout as pause } from 'node:timers/promises';
import type { Claim, ClaimedMention, Mentions } from '../mentions/mentions.ts';
import type { SourceRules } from '../mentions/source-key.ts';
import type { TopicKey } from '../topics/targets.ts';
import type { Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import { follow } from './follow.ts';
import type { Wanted } from './hop.ts';
import { countReceipts } from './linked-receipts.ts';
import { AFTER_FAULT_MS, createSettling, LEASE_MS, type SettlingNeeds } from './settling.ts';
import type { OpenVisit, PutOff, Visit } from './visit.ts';
import type { Visits } from './visits.ts';
import type { WhoAsked } from './who-asked.ts';

/** Claims that were never settled, after which a post is set aside. */
const MOST_ATTEMPTS = 5;
/** A second one may find its site full by then, and be put off behind all that are owed after it. */
const ONE_OF_DOMAIN = 1;
/** A page that broke its reader is not tried again at once. */
const AFTER_BREAK_MS = 30_000;

export interface WorkerNeeds extends SettlingNeeds {
  mentions: Mentions;
  topics: Pick<Topics, 'byId'>;
  openVisit: OpenVisit;
  visits: Pick<Visits, 'fullSites'>;
  targetsOf: (topic: Topic, mentionId: string) => TopicKey[];
  rules: SourceRules;
  whoAsked: WhoAsked;
  /** The longest the worker sleeps without a nudge, so that work of other processes is found. */
  longestNapMs: number;
  /** How long the worker lets the store be after a round of claims that took so long; none if it is absent. */
  restMs?: (tookMs: number) => number;
  /** How many looks are under way at once; nearly all of them wait for somebody's server. */
  looks?: number;
  /** How many of them a round begins, so that they do not come to the store all together; `looks` if it is absent. */
  mostAtOnce?: number;
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
    now,
    log,
    longestNapMs,
    restMs = () => 0,
    looks = 64,
    mostAtOnce = looks,
  } = needs;
  const underWay = new Map<string, Promise<void>>();
  const settling = createSettling(needs);
  let running = false;
  let round: Promise<void> | null = null;
  let again = false;
  let nap: NodeJS.Timeout | undefined;

  const isRunning = () => running;

  /** Claims what is due, as far as there is room; called again whenever something may have become due. */
  function wake(): void {
    if (!running) return;
    if (round) {
      again = true;
      return;
    }
    clearTimeout(nap);
    again = false;
    round = oneRound();
  }

  async function oneRound(): Promise<void> {
    const began = performance.now();
    const napMs = await claimSome().catch(error => {
      log.error({ err: error }, 'the worker could not claim');
      return AFTER_FAULT_MS;
    });
    const rest = restMs(performance.now() - began);
    if (rest > 0) await pause(rest);
    round = null;
    if (again) wake();
    else if (running && napMs !== null) nap = setTimeout(wake, Math.max(0, napMs - rest));
  }

  /** How long to sleep now; null when a look that ends will wake the worker. */
  async function claimSome(): Promise<number | null> {
    const room = looks - underWay.size;
    if (room <= 0) return null;
    const full = await visits.fullSites();
    const passOver = [...full.keys()];
    const limit = Math.min(room, mostAtOnce);
    const claims = await mentions.claimDue({
      forMs: LEASE_MS,
      limit,
      passOver,
      ofDomain: ONE_OF_DOMAIN,
    });
    const opened = await Promise.all(claims.map(begin));
    if (claims.length === limit && !opened.includes(false)) return limit === room ? null : 0;
    return Math.min((await mentions.nextDueIn(passOver)) ?? longestNapMs, ...full.values(), longestNapMs);
  }

  /** Whether the look at a source is under way; if its site may not be visited, the look is put off. */
  async function begin(claim: Claim): Promise<boolean> {
    const first = claim.mentions[0];
    if (!first) return false;
    const asked = whoAsked.of(claim.key);
    const waitMs = claim.restMs > 0 ? claim.restMs : await settling.fromRead(claim);
    if (waitMs === 0) whoAsked.settled(claim.key, asked);
    else if (waitMs !== null) await putOff(claim, { waitMs });
    if (waitMs !== null) return false;
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

  async function putOff({ token, key }: Claim, { waitMs }: Pick<PutOff, 'waitMs'>): Promise<void> {
    log.debug({ key, waitMs }, 'a look was put off');
    await mentions.putOff(token, waitMs);
  }

  async function lookAt(claim: Claim, first: ClaimedMention, visit: Visit): Promise<void> {
    const attempts = Math.max(...claim.mentions.map(mention => mention.attempts));
    // Whatever ended those processes may have nothing to do with the post, so it is tried again, but later.
    if (attempts > MOST_ATTEMPTS) return visit.leave().then(() => settling.fromLook(claim, null, isRunning));
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
    await settling.fromLook(claim, look, isRunning);
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
