import { langOf } from '../web/helpers.ts';
import type { PageModel } from '../web/views.ts';
import { type Explained, shownOf } from './explain.ts';
import { type ShownOutcome, shownOutcome } from './shown.ts';

export interface ReceiptPage extends PageModel {
  where: string;
  outcome: ShownOutcome;
  /** The post's address, where it does not stand among what is listed; of what was taken down nothing is said. */
  post: string | null;
  /** What readers see of the post; null while that is nothing. */
  listing: Listing | null;
  /** What the latest ping claimed; null where it is nobody's business any more. */
  ping: string | null;
}

interface Listing {
  heading: string;
  topic: { title: string; href: string };
  title: string | null;
  excerpt: string | null;
  blog: string;
  address: string;
  lang: string | null;
}

/** The receipt of one ping: what became of it, and what its author can do. */
export function receiptPage(explained: Explained): ReceiptPage {
  const { known, stamp } = explained;
  const outcome = shownOutcome(explained);
  const listing = listingOf(explained);
  const { status, sourceUrl } = known.mention;
  return {
    title: `Receipt ${outcome.number}: ${stamp.word}`,
    noindex: true,
    current: 'where',
    where: known.urls.where,
    outcome,
    post: listing || status === 'removed' ? null : sourceUrl,
    listing,
    ping: status === 'removed' ? null : known.mention.said,
  };
}

function listingOf({ known: { mention, topic, urls } }: Explained): Listing | null {
  const shown = shownOf(mention);
  if (!shown || mention.status === 'merged') return null;
  const { status, site, sourceUrl, finalUrl } = mention;
  return {
    heading: LISTING[status] ?? 'What was listed',
    topic: { title: topic.title, href: urls.topic(topic.slug) },
    title: shown.title,
    excerpt: shown.excerpt,
    blog: shown.blogName ?? site,
    address: finalUrl ?? sourceUrl,
    lang: langOf(shown.language),
  };
}

const LISTING: Readonly<Record<string, string>> = { listed: 'What is listed', held: 'What will be listed' };
