import type { PageFacts, Shown, Words } from '../mentions/mention.ts';
import type { Found } from './hop.ts';

/**
 * What is shown of a linked post: each claimed word where the page itself bears it out, else the
 * page's own. So a ping never puts words under a post that its page does not hold.
 */
export function shownOf(
  claim: Words,
  found: Pick<Found, 'borneOut' | 'link'>,
  page: Omit<PageFacts, 'at'>,
): Shown {
  const { borneOut, link } = found;
  return {
    title: borneOut.title ? claim.title : page.title,
    excerpt: borneOut.excerpt ? claim.excerpt : (link?.sentence ?? page.excerpt),
    blogName: borneOut.blogName ? claim.blogName : page.blogName,
    language: page.language,
  };
}
