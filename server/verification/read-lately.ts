import type { ClaimedMention, Settlement } from '../mentions/mentions.ts';
import { keyOf, siteOf } from '../mentions/source-key.ts';
import { bearsOut, foldText } from './bears-out.ts';
import { type OutcomeNeeds, outcomeOf } from './outcomes.ts';
import { shownOf } from './shown.ts';

/** For how long a page counts as it was read: a blog that pings by three doors has one look. */
const STANDS_MS = 30_000;

const READ: ReadonlySet<string> = new Set(['linked', 'no-link', 'moved', 'gone', 'not-html']);

/** How long the latest reading of a post still stands for its page, in milliseconds; 0 when it has to be looked at. */
export function standsFor({ evidence, sinceLook }: Pick<ClaimedMention, 'evidence' | 'sinceLook'>): number {
  if (!evidence || sinceLook === null || !READ.has(evidence.saw)) return 0;
  // Before now by as much as after it: a clock may have been set back.
  return Math.max(0, STANDS_MS - Math.abs(sinceLook));
}

/**
 * What a new ping of a linked post comes to without another look. Null where only the page can tell: it had no link,
 * or the ping has words that are not among what was kept of it.
 */
export function fromRead(needs: OutcomeNeeds, mention: ClaimedMention, now: number): Settlement | null {
  const { claim, page, shown, evidence } = mention;
  if (!page || !shown || evidence?.saw !== 'linked') return null;
  const kept = [page, shown].flatMap(({ title, excerpt, blogName }) => [title, excerpt, blogName]);
  const said = foldText([...kept, evidence.link?.sentence].join('\n'));
  const isKnown = (words: string | null) => words !== null && bearsOut(words, said);
  const borneOut = {
    title: isKnown(claim.title),
    excerpt: isKnown(claim.excerpt),
    blogName: isKnown(claim.blogName),
  };
  const unknown = (['title', 'excerpt', 'blogName'] as const).some(word => claim[word] && !borneOut[word]);
  if (unknown) return null;
  const url = new URL(evidence.finalUrl);
  const seen = {
    saw: 'linked',
    finalUrl: url.href,
    finalKey: keyOf(url),
    site: siteOf(url),
    page,
    // A page that keeps its excerpt to itself left none to be shown.
    shown: shownOf(claim, { borneOut, link: evidence.link }, { page, quotable: shown.excerpt !== null }),
  } as const;
  const { sight: _noLook, ...settlement } = outcomeOf(needs, mention, seen, now);
  return settlement;
}
