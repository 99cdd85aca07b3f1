import type { Post } from './posts.ts';

/** How a ping ended for its sender. Unanswered: the connection broke, or nothing came in 10 s. */
export type Outcome = 'acknowledged' | 'refused' | 'unanswered';

/** One ping as its sender saw it; times are of `performance.now()`. */
export interface Sent {
  post: Post;
  outcome: Outcome;
  /** The words of a refusal, or why no answer came. */
  words: string;
  from: number;
  to: number;
  /** Whether the process that was asked lived and ran all the while. */
  lived: boolean;
}

/** What the senders know; the store is held against it at the end. */
export type Ledger = ReturnType<typeof createLedger>;

/** Notes every ping as its sender saw it. `wasAway` says whether the database was away between two times. */
export function createLedger(wasAway: (from: number, to: number) => boolean) {
  const posts = new Map<number, Post>();
  const acknowledged = new Set<number>();
  const counts: Record<Outcome, number> = { acknowledged: 0, refused: 0, unanswered: 0 };
  const refusals = new Map<string, number>();
  const leftAlone: string[] = [];
  const tookMs: Record<'usually' | 'databaseAway', number[]> = { usually: [], databaseAway: [] };
  let backSince: number | null = null;
  let longestReturnMs: number | null = null;

  return {
    posts,
    acknowledged,
    counts,
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
    note({ post, outcome, words, from, to, lived }: Sent): void {
      posts.set(post.id, post);
      counts[outcome]++;
      if (outcome === 'acknowledged') acknowledged.add(post.id);
      if (outcome === 'refused') refusals.set(words, (refusals.get(words) ?? 0) + 1);
      if (outcome !== 'unanswered') tookMs[wasAway(from, to) ? 'databaseAway' : 'usually'].push(to - from);
      else if (lived) leftAlone.push(`${post.url} (${words} after ${Math.round(to - from)} ms)`);
      if (outcome === 'acknowledged' && backSince !== null && from > backSince) {
        longestReturnMs = Math.max(longestReturnMs ?? 0, Math.round(to - backSince));
        backSince = null;
      }
    },
  };
}
