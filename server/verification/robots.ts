/** What a page says to robots: its tags, and its headers, each as it was sent. */
export interface ToRobots {
  /** The content of every `<meta name="robots">`. */
  tags: readonly string[];
  /** Every `X-Robots-Tag`. */
  headers: readonly string[];
}

/** Each alone says that nothing of the page may be quoted. */
const NOT_TO_QUOTE = new Set(['noindex', 'none', 'nosnippet']);

/** Rules that have a value of their own behind the colon, so that what stands there is no bot's name. */
const VALUED = new Set(['max-snippet', 'max-image-preview', 'max-video-preview', 'unavailable_after']);

/**
 * Whether words of the page may be shown elsewhere, as far as its author says. Rules of several tags and headers add
 * up; those for one bot by name are not for us. A page that may not be quoted may still be linked to.
 */
export function mayQuote({ tags, headers }: ToRobots): boolean {
  const rules = [...tags.flatMap(rulesOf), ...headers.flatMap(rulesForAll)];
  return !rules.some(forbidsQuoting);
}

const rulesOf = (text: string) => text.toLowerCase().split(/[,;]/);

/** A bot's name is said once, and all that comes after it in the same header is for that bot. */
function rulesForAll(header: string): string[] {
  const rules = rulesOf(header);
  const named = rules.findIndex(isForOne);
  return named < 0 ? rules : rules.slice(0, named);
}

function isForOne(rule: string): boolean {
  const name = /^\s*([^\s:]+)\s*:/.exec(rule)?.[1];
  return name !== undefined && !VALUED.has(name);
}

/** Old pages have spaces where the comma belongs. */
function forbidsQuoting(rule: string): boolean {
  const [words = '', value] = rule.split(':');
  if (value !== undefined) return words.trim() === 'max-snippet' && value.trim() === '0';
  return words.split(/\s+/).some(word => NOT_TO_QUOTE.has(word));
}
