import type { PageFacts, Trouble, Words } from '../mentions/mention.ts';

/** One post in one topic that a look is about: which addresses count as a link, and what was claimed. */
export interface Wanted {
  id: string;
  /** Keys (`keyOf`) of the topic's page, ping address and feeds, and of the receipt. */
  targets: string[];
  claim: Words;
}

/** What a looker thread is asked: fetch one address, without following it further, and read what comes. */
export interface HopRequest {
  url: string;
  /** What is left of the one deadline over the whole look, in milliseconds. */
  leftMs: number;
  wanted: Wanted[];
}

/** What the page says about one wanted mention. */
export interface Found {
  id: string;
  linked: boolean;
  /** The text round the link, cleaned and cut as an excerpt. */
  roundLink: string | null;
  /** Which of the claimed words the page itself holds. */
  borneOut: { [name in keyof Words]: boolean };
}

/** What a hop came to. `retryAfterMs`: the site asked for that pause (429 and 503). */
export type HopAnswer =
  | { kind: 'redirect'; status: number; to: string }
  | {
      kind: 'page';
      status: number;
      /** Decoded bytes read, at most 1 MiB. */
      bytes: number;
      /** How many links the page has in all. */
      links: number;
      page: Omit<PageFacts, 'at'>;
      found: Found[];
    }
  | { kind: 'gone'; status: 410 }
  | { kind: 'not-html'; status: number }
  | { kind: 'failed'; trouble: Trouble; status?: number; retryAfterMs?: number };
