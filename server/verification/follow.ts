import { readSource, type SourceRules } from '../mentions/source-key.ts';
import type { HopAnswer, Wanted } from './hop.ts';
import type { PutOff, Visit } from './visit.ts';

/** One deadline over everything a look does, redirects included. */
const LOOK_MS = 10_000;
const MOST_REDIRECTS = 5;

/** Where a look ended, and what it took to come there. */
export interface Followed {
  answer: Exclude<HopAnswer, { kind: 'redirect' }>;
  /** The address that gave the answer. */
  finalUrl: string;
  redirects: number;
  /** How long it took, in milliseconds. */
  tookMs: number;
}

export interface FollowNeeds {
  hop: Visit['hop'];
  rules: SourceRules;
  now: () => number;
}

/**
 * From a source's address through at most five redirects to what is there, each hop checked like
 * the first. A redirect to this hub, or to a blog's front page, ends in the trouble `redirects`: such a page
 * links to the topic for another reason than the post. Put off, when a host on the way may not be asked now.
 * Every site on the way is told who sent the ping.
 */
export async function follow(
  source: string,
  wanted: Wanted[],
  { hop, rules, now }: FollowNeeds,
  forwardedFor: string | null,
): Promise<Followed | PutOff> {
  let [asked, spentMs] = [now(), 0];
  // Added up, for a clock that is set back gives no time back.
  const spent = () => {
    const at = now();
    spentMs += Math.max(0, at - asked);
    asked = at;
    return spentMs;
  };
  const left = () => LOOK_MS - spent();
  let url = source;
  for (let redirects = 0; ; redirects++) {
    const ended = (answer: Followed['answer']): Followed => ({
      answer,
      finalUrl: url,
      redirects,
      tookMs: spent(),
    });
    if (left() <= 0) return ended({ kind: 'failed', trouble: 'timeout' });
    const answer = await hop({ url, left, wanted, hubKeys: rules.ownKeys, forwardedFor });
    if (answer.kind === 'put-off') return answer;
    if (answer.kind !== 'redirect') return ended(answer);
    const next = readSource(answer.to, rules);
    const refusal = 'refusal' in next ? next.refusal : null;
    if (redirects === MOST_REDIRECTS || refusal === 'own-address' || refusal === 'not-post') {
      return ended({ kind: 'failed', trouble: 'redirects', status: answer.status });
    }
    url = answer.to;
    // Nobody is there to be visited, so it is not counted as a visit either.
    if (refusal === 'not-public') {
      return { ...ended({ kind: 'failed', trouble: 'not-public' }), redirects: redirects + 1 };
    }
  }
}
