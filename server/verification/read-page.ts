import type { PageFacts } from '../mentions/mention.ts';
import { cleanText } from '../text/clean.ts';
import { foldText } from './bears-out.ts';
import { languageOf } from './language.ts';
import { publishedAt } from './published.ts';
import type { Meta } from './read-meta.ts';
import type { Walked } from './walk-page.ts';

export interface PageParts {
  walked: Pick<Walked, 'title' | 'h1'>;
  meta: Meta;
  /** The one the page was decoded from. */
  charset: string;
  /** Whether the page may be quoted; one that may not has no excerpt. */
  quotable: boolean;
  /** Epoch milliseconds; no page was published later. */
  now: number;
}

/** What a page says of itself, cleaned and cut; null where it says nothing. */
export function readPage({ walked, meta, charset, quotable, now }: PageParts): Omit<PageFacts, 'at'> {
  const blogName = line(100, meta.get('og:site_name'), meta.get('application-name'));
  const namesTheBlog = blogName !== null && foldText(walked.h1) === foldText(blogName);
  return {
    title: line(200, meta.get('og:title'), namesTheBlog ? undefined : walked.h1, walked.title),
    excerpt: quotable ? line(300, meta.get('og:description'), meta.get('description')) : null,
    blogName,
    language: languageOf([meta.lang, meta.get('content-language'), meta.get('og:locale')], charset),
    author: line(100, ...[meta.get('author'), meta.get('article:author')].filter(isNoAddress)),
    published: publishedAt(
      [meta.get('article:published_time'), meta.get('date'), meta.get('dc.date'), meta.get('dc.date.issued')],
      now,
    ),
  };
}

/** The first of these texts that is one, as one line of at most so many graphemes. */
function line(most: number, ...texts: (string | undefined)[]): string | null {
  for (const text of texts) {
    const cleaned = cleanText(text ?? '', most);
    if (cleaned !== null) return cleaned;
  }
  return null;
}

/** Facebook wants the address of a profile where others want a name. */
function isNoAddress(author: string | undefined): boolean {
  return !/^\s*(?:https?:)?\/\//i.test(author ?? '');
}
