import { readSource, type SourceRules } from '../mentions/source-key.ts';
import type { HopAnswer, HopRequest, Wanted } from './hop.ts';

/** One deadline over everything a look does, redirects included. */
const LOOK_MS = 10_000;
const MOST_REDIRECTS = 5;

export interface FollowNeeds {
  hop: (request: HopRequest) => Promise<HopAnswer>;
  rules: SourceRules;
  now: () => number;
}

/**
 * From a source's address through at most five redirects to what is there, each hop checked like
 * the first. `finalUrl` is the address that gave the answer. A redirect to this hub, or to a blog's front
 * page, ends in the trouble `redirects`: such a page links to the topic for another reason than the post.
 */
export async function follow(
  source: string,
  wanted: Wanted[],
  { hop, rules, now }: FollowNeeds,
): Promise<{ answer: Exclude<HopAnswer, { kind: 'redirect' }>; finalUrl: string }> {
  const end = now() + LOOK_MS;
  let url = source;
  for (let redirects = 0; ; redirects++) {
    const leftMs = end - now();
    if (leftMs <= 0) return { answer: { kind: 'failed', trouble: 'timeout' }, finalUrl: url };
    const answer = await hop({ url, leftMs, wanted });
    if (answer.kind !== 'redirect') return { answer, finalUrl: url };
    const next = readSource(answer.to, rules);
    const refusal = 'refusal' in next ? next.refusal : null;
    if (redirects === MOST_REDIRECTS || refusal === 'own-address' || refusal === 'not-post') {
      return { answer: { kind: 'failed', trouble: 'redirects', status: answer.status }, finalUrl: url };
    }
    url = answer.to;
  }
}
