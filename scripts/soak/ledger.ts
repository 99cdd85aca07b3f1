import type { Post } from './posts.ts';

/** How a ping ended for its sender. Unanswered: the connection broke, or nothing came in 10 s. */
export type Outcome = 'acknowledged' | 'too-many' | 'refused' | 'unanswered';

/** What a sender was answered. */
export interface Answered {
  outcome: Outcome;
  /** The words of a refusal, or why no answer came. */
  words: string;
  /** The id of the receipt that was named. */
  receipt: string | null;
}

/** One ping as its sender saw it; times are of `performance.now()`. */
export interface Sent extends Answered {
  post: Post;
  from: number;
  to: number;
  /** Whether the process that was asked lived and ran all the while. */
  lived: boolean;
}

/** What the senders know; the store is held against it at the end. */
export type Ledger = ReturnType<typeof createLedger>;

/** Notes every ping as its sender saw it. `wentAway` says when the database went that was away between two times. */
export function createLedger(wentAway: (from: number, to: number) => number | null) {
  const posts = new Map<number, Post>();
  const acknowledged = new Set<number>();
  const counts: Record<Outcome, number> = { acknowledged: 0, 'too-many': 0, refused: 0, unanswered: 0 };
  const receipts = new Map<number, Set<string | null>>();
  const owedSince = new Map<number, number>();
  const floods = { sent: 0, letPass: [] as string[] };
  let relooks = 0;
  const refusals = new Map<string, number>();
  const leftAlone: string[] = [];
  const tookMs: Record<'usually' | 'databaseAway' | 'sinceItWent', number[]> = {
    usually: [],
    databaseAway: [],
    sinceItWent: [],
  };
  let backSince: number | null = null;
  let longestReturnMs: number | null = null;

  return {
    posts,
    acknowledged,
    counts,
    /** The receipts that were named to the senders of a post; null where none was. */
    receipts,
    /** Since when a look at a post is owed: the latest ping of it that was taken, or the latest wish for a look. */
    owedSince,
    /** Posts sent far more often than they may be, and those of which too many were taken, with how many. */
    floods,
    /** How often the store agreed to look at a post again. */
    relooks: () => relooks,
    /** The words of refusals, with how often they came. */
    refusals,
    /** Pings that a process left without an answer although it lived. */
    leftAlone,
    /** How long answers took. */
    tookMs,
    /** Milliseconds from the database being back to the first ping taken, at the longest; null: it never went. */
    longestReturnMs: () => longestReturnMs,
    /** Told when the database is back, to measure how soon a ping is taken again. */
    databaseIsBack(): void {
      backSince = performance.now();
    },
    noteRelook(id: number, from: number): void {
      relooks++;
      owe(id, from);
    },
    note({ post, outcome, words, receipt, from, to, lived }: Sent): void {
      posts.set(post.id, post);
      counts[outcome]++;
      if (outcome === 'acknowledged') {
        acknowledged.add(post.id);
        receipts.set(post.id, (receipts.get(post.id) ?? new Set()).add(receipt));
        owe(post.id, from);
      }
      if (outcome === 'refused' || outcome === 'too-many')
        refusals.set(words, (refusals.get(words) ?? 0) + 1);
      if (outcome !== 'unanswered') noteTime(from, to);
      else if (lived) leftAlone.push(`${post.url} (${words} after ${Math.round(to - from)} ms)`);
      if (outcome === 'acknowledged' && backSince !== null && from > backSince) {
        longestReturnMs = Math.max(longestReturnMs ?? 0, Math.round(to - backSince));
        backSince = null;
      }
    },
  };

  function noteTime(from: number, to: number): void {
    const awayFrom = wentAway(from, to);
    if (awayFrom === null) tookMs.usually.push(to - from);
    else {
      tookMs.databaseAway.push(to - from);
      // What a ping that was under way then had waited before is not the outage's.
      tookMs.sinceItWent.push(to - Math.max(from, awayFrom));
    }
  }

  function owe(id: number, since: number): void {
    owedSince.set(id, Math.max(owedSince.get(id) ?? 0, since));
  }
}
