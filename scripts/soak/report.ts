import type { Findings } from './check.ts';
import type { Ledger } from './ledger.ts';
import type { Unrest } from './store.ts';

/** How long answers took, in whole milliseconds. */
export interface Spread {
  answers: number;
  p50: number;
  p99: number;
  max: number;
}

/** What the senders saw. */
export interface Traffic {
  pings: { sent: number; acknowledged: number; tooMany: number; refused: number; unanswered: number };
  posts: { sent: number; acknowledged: number };
  /** How often posts were asked to be looked at again while things broke. */
  relooks: number;
  /** Posts that were sent far more often than they may be, and those of which too many were taken. */
  floods: { sent: number; letPass: string[] };
  /** The words of refusals, with how often they came. */
  refusals: Record<string, number>;
  /** `sinceItWent`: of the same pings, from when the database went where they were under way then. */
  answers: { usually: Spread; databaseAway: Spread; sinceItWent: Spread };
  /** Milliseconds from the database being back to the first ping taken, at the longest; null: it never went. */
  longestReturnMs: number | null;
  /** Pings that a process left without an answer although it lived. */
  leftAlone: string[];
}

/** Everything a run came to. */
export interface Observed {
  engine: 'SQLite' | 'MongoDB';
  seed: number;
  senders: number;
  loops: number;
  deeds: Record<string, number>;
  tookSeconds: { faults: number; rest: number };
  traffic: Traffic;
  /** Settles of a worker that had lost its lease, and changed nothing. */
  fenced: number;
  /** Processes that ended although nobody killed them; on MongoDB a start may, when its database goes. */
  endedByThemselves: string[];
  findings: Findings;
  unrest: Unrest;
  stoppedBadly: string[];
}

/** What was observed, and the checks that do not hold, by name; none when the run has passed. */
export type Report = Observed & { failed: string[] };

/** An answer to a ping comes within this, also while the database is away. */
const ANSWER_WITHIN_MS = 1_000;

/** What the senders saw, summed up. */
export function trafficOf(ledger: Ledger): Traffic {
  const { counts, posts, acknowledged, refusals, tookMs, leftAlone, floods } = ledger;
  const { 'too-many': tooMany, ...others } = counts;
  const sent = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {
    pings: { sent, tooMany, ...others },
    relooks: ledger.relooks(),
    floods,
    posts: { sent: posts.size, acknowledged: acknowledged.size },
    refusals: Object.fromEntries(refusals),
    answers: {
      usually: spreadOf(tookMs.usually),
      databaseAway: spreadOf(tookMs.databaseAway),
      sinceItWent: spreadOf(tookMs.sinceItWent),
    },
    longestReturnMs: ledger.longestReturnMs(),
    leftAlone,
  };
}

/** Judges what was observed. */
export function judged(observed: Observed): Report {
  const { findings, unrest, traffic, stoppedBadly } = observed;
  const held: Record<string, boolean> = {
    'nothing acknowledged is lost': findings.lost.length === 0,
    'every receipt that was named leads to its ping': findings.lostReceipts.length === 0,
    'every ping that was taken, and every wish, had its look': findings.unlooked.length === 0,
    'who goes over a limit is turned away': traffic.floods.letPass.length === 0,
    'nothing is doubled': findings.doubled.length === 0,
    'no post without link is listed': findings.unlinkedListed.length === 0,
    'nothing is stored that nobody sent': findings.strangers.length === 0,
    'counters equal a recount': findings.wrongCounters.length === 0,
    'no claim is stuck': Object.values(unrest).every(count => count === 0),
    'a process that lives answers': traffic.leftAlone.length === 0,
    'answers come within 1 s while the database is away':
      traffic.answers.databaseAway.max <= ANSWER_WITHIN_MS,
    'all processes stop with exit code 0': stoppedBadly.length === 0,
  };
  return { ...observed, failed: Object.keys(held).filter(name => !held[name]) };
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return { answers: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
