/** A subject that posts are filed under. `id` never changes; all times are epoch milliseconds. */
export interface Topic {
  id: string;
  slug: string;
  formerSlugs: string[];
  title: string;
  definition: string;
  /** Raised whenever the public list, the title or the address changes. */
  version: number;
  changedAt: number;
  openedAt: number;
  posts: number;
  blogs: number;
  /** Listed posts per month of listing, `"2026-07"` → 12. */
  months: Record<string, number>;
  lastListedAt: number | null;
}

const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Whether a text can be a topic's slug: a-z 0-9 and single hyphens, 1-64 characters. */
export function isSlug(text: string): boolean {
  return text.length <= 64 && SLUG.test(text);
}

/**
 * The slug that an address asks for, with the liberties old clients take (letter case) undone;
 * null when it can be none.
 */
export function readSlug(text: string): string | null {
  const slug = text.toLowerCase();
  return isSlug(slug) ? slug : null;
}

/** The topics a fresh hub begins with, so that the first page is not an empty one. */
export const STARTER_TOPICS = [
  {
    slug: 'bread-baking',
    title: 'Bread baking',
    definition: 'Flour, water, salt, time; and the oven you actually have.',
  },
  {
    slug: 'static-site-generators',
    title: 'Static site generators',
    definition: 'Tools that turn a folder of text into a website.',
  },
  {
    slug: 'night-sky',
    title: 'Night sky',
    definition: 'What can be seen up there with eyes, glass and patience.',
  },
] as const;
