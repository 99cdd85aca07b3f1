import { onlyXmlChars } from '../text/xml.ts';
import type { Claim } from './receive.ts';

/** Longer ones are cut; an author knows the rest. */
const LONGEST_FIELD = 1_000;

/**
 * A ping word for word, one field a line by its name on the wire, so that its author finds in it what the blog
 * really sent. For receipts only: nothing of it is ever listed.
 */
export function asSent({ source, target, words }: Claim): string {
  const fields = [
    ['url', source],
    ['target', target],
    ['title', words.title],
    ['excerpt', words.excerpt],
    ['blog_name', words.blogName],
  ];
  const lines = fields.flatMap(([name, value]) =>
    value ? [`${name}: ${value.slice(0, LONGEST_FIELD)}`] : [],
  );
  return onlyXmlChars(lines.join('\n').toWellFormed());
}
