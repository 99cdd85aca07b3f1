import type { Shown, Words } from '../mentions/mention.ts';
import type { Found } from './hop.ts';
import type { ReadAnswer } from './look.ts';

/**
 * What is shown of a linked post: each claimed word where the page itself bears it out, else the
 * page's own. So a ping never puts words under a post that its page does not hold. A page that may not be quoted has
 * no excerpt, whoever's it is.
 */
export function shownOf(
  claim: Words,
  found: Pick<Found, 'borneOut' | 'link'>,
  { page, quotable }: Pick<ReadAnswer, 'page' | 'quotable'>,
): Shown {
  const { borneOut, link } = found;
  const excerpt = borneOut.excerpt ? claim.excerpt : (link?.sentence ?? page.excerpt);
  return {
    title: borneOut.title ? claim.title : page.title,
    excerpt: quotable ? excerpt : null,
    blogName: borneOut.blogName ? claim.blogName : page.blogName,
    language: page.language,
  };
}
