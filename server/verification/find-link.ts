import { keyOf, siteOf } from '../mentions/source-key.ts';
import { LONGEST_ADDRESS } from '../text/read-tags.ts';
import type { PageLink, Walked } from './walk-page.ts';

/**
 * How many characters of addresses are resolved, and how many of those that lead to the hub are compared.
 * Without an end a long `<base>` would be read again for each of 50,000 short links.
 */
const MOST_RESOLVED = 10_000_000;
const MOST_COMPARED = 2_000_000;

/**
 * For each of the target keys (`keyOf`) the first link on the page that leads there. Addresses are read as
 * browsers read them: against the page's `<base>`, which itself is read against the page's own address.
 */
export function findLinks(
  { links, base }: Pick<Walked, 'links' | 'base'>,
  pageUrl: string,
  targets: ReadonlySet<string>,
): Map<string, PageLink> {
  const from = (base !== null && webAddress(base, pageUrl)?.href) || pageUrl;
  // Most links lead elsewhere; the host says so for a fraction of what a key costs.
  const hosts = new Set(Array.from(targets, key => key.split(/[/?]/, 1)[0]));
  const found = new Map<string, PageLink>();
  let resolved = 0;
  let compared = 0;
  for (const link of links) {
    resolved += from.length + link.href.length;
    const url = webAddress(link.href, from);
    if (url && hosts.has(siteOf(url) + (url.port && `:${url.port}`))) {
      compared += url.href.length;
      const key = keyOf(url);
      if (targets.has(key) && !found.has(key)) found.set(key, link);
    }
    if (resolved > MOST_RESOLVED || compared > MOST_COMPARED) break;
  }
  return found;
}

function webAddress(href: string, base: string): URL | null {
  const url = href.length > LONGEST_ADDRESS ? null : URL.parse(href, base);
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
