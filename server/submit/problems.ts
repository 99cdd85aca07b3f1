import type { Refusal } from '../mentions/mention.ts';
import { keyOf, readSource, type Source, type SourceRules } from '../mentions/source-key.ts';
import { FIELD_PROBLEMS } from '../receipts/post-address.ts';
import { slugIn } from '../topics/targets.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { Typed } from './read-form.ts';

/** What is wrong with the form: said at its head and, in the same words, at the field it is about. */
export interface Problem {
  /** Null where no field is to blame. */
  field: keyof Typed | null;
  words: string;
}

/** How a form that is not taken is answered; `retryAfter` is in seconds. */
interface NotTaken {
  field: Problem['field'];
  status: number;
  retryAfter?: number;
}

const AT_ADDRESS: NotTaken = { field: 'url', status: 422 };

/** Every reason to turn a ping away, by the field it is said at. */
export const NOT_TAKEN: Readonly<Record<Refusal, NotTaken>> = {
  'no-address': AT_ADDRESS,
  'bad-address': AT_ADDRESS,
  'not-public': AT_ADDRESS,
  'too-long': AT_ADDRESS,
  'own-address': AT_ADDRESS,
  'not-post': AT_ADDRESS,
  'unknown-topic': { field: 'topic', status: 422 },
  'too-large': { field: 'url', status: 413 },
  unreadable: { field: 'url', status: 415 },
  blocked: AT_ADDRESS,
  removed: AT_ADDRESS,
  private: AT_ADDRESS,
  'too-many': { field: null, status: 429, retryAfter: 60 },
  busy: { field: null, status: 503, retryAfter: 60 },
  'store-away': { field: null, status: 503, retryAfter: 30 },
};

/** Said where a preview has to wait for others. */
export const NO_PREVIEW_NOW: Problem = {
  field: null,
  words: 'Too many previews are being made right now. Press the button again in a few seconds',
};

/** Said where a preview would be one look too many at a site. */
export const visitedLately = ({ site }: Pick<Source, 'site'>): Problem => ({
  field: null,
  words: `We have looked at ${site} often in the last minute. Press the button again a little later, or submit the post: it is looked at in its turn`,
});

/**
 * What to say of a form that was refused: of both fields at once, although a refusal names one fault. `topic` is the
 * one that was chosen, if it is there.
 */
export function problemsOf(
  refusal: Refusal,
  { url, topic }: { url: string; topic: Topic | null },
  { rules, sites }: { rules: SourceRules; sites: readonly Pick<Urls, 'topic'>[] },
): Problem[] {
  const { field } = NOT_TAKEN[refusal];
  const problem = { field, words: FIELD_PROBLEMS[refusal] };
  if (refusal === 'own-address' && topic && isOfTopic(url, topic, sites)) {
    return [{ field, words: 'This is the address of the topic. Give the address of your own post' }];
  }
  if (refusal !== 'unknown-topic') return [problem];
  const source = readSource(url, rules);
  const ofAddress = 'refusal' in source ? problemsOf(source.refusal, { url, topic }, { rules, sites }) : [];
  return [...ofAddress, problem];
}

/** Whether an address is the topic's page, its ping address or a feed of it, under any base address of the hub. */
function isOfTopic(
  address: string,
  { slug, formerSlugs }: Topic,
  sites: readonly Pick<Urls, 'topic'>[],
): boolean {
  const named = slugIn(sites, keyOf(new URL(address)));
  return named !== null && [slug, ...formerSlugs].includes(named);
}
