import type { MentionRecord } from '../../server/storage/records.ts';

/** Between two listings, however many there are, so that the newest 50 of any two topics look alike. */
const STEP_MS = 150_000;
/** Posts per blog, about as in a real hub. */
const POSTS_PER_BLOG = 20;
const ID_LENGTH = 10;

const WORDS =
  `a stiff levain and cold kitchen without hurry seven stars from the balcony notes on folder of markdown
written between two street lamps with drawing that took all winter to finish because nobody asked for it`.split(
    /\s+/,
  );

/**
 * The listed post number `n` of `of` in a topic, made up: the same number gives the same post at every
 * run, number 0 is the oldest. `now` (epoch milliseconds) is when the newest was listed.
 */
export function madeUpPost(
  topicId: string,
  n: number,
  { of, now }: { of: number; now: number },
): MentionRecord {
  const site = siteOfPost(n, of);
  const key = `${site}/post-${n}`;
  const at = now - STEP_MS * (of - 1 - n);
  const shown = {
    title: `${words(n, 8)} ${n}`,
    excerpt: words(n + 3, 40),
    blogName: words(n + 7, 3),
    language: 'en',
  };
  return {
    // Digits alone are an id like any other, and rise with the time of listing.
    id: String(n).padStart(ID_LENGTH, '0'),
    topicId,
    key,
    sourceUrl: `https://${key}`,
    finalUrl: `https://${key}`,
    listedKey: key,
    mergedInto: null,
    site,
    status: 'listed',
    doors: [{ via: 'trackback', at, last: at }],
    shownDoors: ['trackback'],
    claim: { title: shown.title, excerpt: shown.excerpt, blogName: shown.blogName },
    page: { ...shown, at, author: null, published: null },
    shown,
    said: null,
    evidence: null,
    pings: 1,
    firstPingAt: at,
    lastPingAt: at,
    listedAt: at,
    due: null,
    tries: 4,
    attempts: 0,
    failing: null,
    rest: null,
    history: [
      { at, kind: 'pinged', via: 'trackback' },
      { at, kind: 'looked', saw: 'linked' },
      { at, kind: 'became', status: 'listed' },
    ],
  };
}

/** How many blogs the first `count` of `of` made-up posts come from. */
export function blogsAmong(count: number, of: number): number {
  return Math.min(count, Math.ceil(of / POSTS_PER_BLOG));
}

function siteOfPost(n: number, of: number): string {
  return `blog-${n % Math.ceil(of / POSTS_PER_BLOG)}.example`;
}

function words(from: number, count: number): string {
  return Array.from({ length: count }, (_, index) => WORDS[(from * 7 + index) % WORDS.length]).join(' ');
}
