import type { Evidence, PageFacts, PageQuote, Trouble, Words } from '../mentions/mention.ts';
import type { TopicKey } from '../topics/targets.ts';

/** One post in one topic that a look is about: which addresses count as a link, and what was claimed. */
export interface Wanted {
  id: string;
  /** What counts, first what counts most: keys of the topic's page, ping address and feeds, and of the receipt. */
  targets: TopicKey[];
  claim: Words;
}

/** What a looker thread is asked: fetch one address, without following it further, and read what comes. */
export interface HopRequest {
  url: string;
  /** What is left of the one deadline over the whole look, in milliseconds. */
  leftMs: number;
  wanted: Wanted[];
  /** Keys of this hub's front page, under each of the hub's names. */
  hubKeys: readonly string[];
  /** The address of the sender whose ping this is for, as the site is told; null for nobody's. */
  forwardedFor: string | null;
}

/** What the page says about one wanted mention. */
export interface Found {
  id: string;
  /** The link that counts; its sentence is the text round it, cleaned and cut as an excerpt. */
  link: Evidence['link'];
  /** What comes near where there is no link. */
  instead: Instead | null;
  /** Which of the claimed words the page itself holds. */
  borneOut: { [name in keyof Words]: boolean };
}

/** What comes near a link to a topic, as far as a thread can tell that knows no topics. */
export interface Instead {
  /** Links to other addresses of this hub, the nearest to the topic's first; near: so few letters differ that it was meant. */
  links: (PageQuote & { key: string; near: boolean })[];
  frontPage: PageQuote | null;
  /** The topic's address in the visible text. */
  bare: PageQuote | null;
  /** The topic's address where no reader sees it: in a comment, a script, a template, an attribute. */
  hidden: PageQuote | null;
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
      /** Whether its author lets its words be shown elsewhere (`robots.ts`). */
      quotable: boolean;
      found: Found[];
    }
  | { kind: 'gone'; status: 410 }
  | { kind: 'not-html'; status: number }
  | { kind: 'failed'; trouble: Trouble; status?: number; retryAfterMs?: number };
