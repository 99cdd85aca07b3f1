import { keyOf, siteOf } from '../mentions/source-key.ts';
import { LONGEST_ADDRESS } from '../text/read-tags.ts';
import type { Walked } from './walk-page.ts';

/** A link to this hub, as its key and as an address, and where it stands in the page's text. */
export interface HubLink {
  key: string;
  /** Resolved; at most `LONGEST_ADDRESS` of it. */
  address: string;
  textAt: number;
}

/**
 * How many characters of addresses are resolved, and how many of those that lead to the hub are compared.
 * Without an end a long `<base>` would be read again for each of 50,000 short links. Each address costs as much as
 * so many characters more, so of different short ones of the hub about 15,000 are compared.
 */
const MOST_RESOLVED = 10_000_000;
const MOST_COMPARED = 2_000_000;
const EACH = 100;

/** A host in which nothing is decoded or dropped, and that ends for sure: no port, no user name. */
const PLAIN_HOST = /^https?:\/\/([a-z0-9.-]+)(?:[/?#]|$)/i;

/** The beginnings of what cannot but stay on the host of its base; tabs and line breaks are dropped before anything. */
const STAYS = /^(?:$|[#?]|\/(?![/\\\t\n\r])|[\w.~-][^:]*$)/;

/**
 * The links that lead to one of these hosts (as keys begin), by key, the first of each. Addresses are read as
 * browsers read them: against the page's `<base>`, which itself is read against the page's own address.
 */
export function findLinks(
  { links, base }: Pick<Walked, 'links' | 'base'>,
  pageUrl: string,
  hosts: ReadonlySet<string>,
): Map<string, HubLink> {
  const from = (base !== null && webAddress(base, pageUrl)) || (URL.parse(pageUrl) as URL);
  const leadsElsewhere = elsewhere(from, hosts);
  const found = new Map<string, HubLink>();
  const read = new Set<string>();
  let resolved = 0;
  let compared = 0;
  for (const { href, textAt } of links) {
    // Menus say the same again and again.
    if (leadsElsewhere(href) || read.has(href)) continue;
    read.add(href);
    resolved += from.href.length + href.length;
    const url = webAddress(href, from.href);
    if (url && hosts.has(hostOf(url))) {
      compared += EACH + url.href.length;
      const key = keyOf(url);
      if (!found.has(key)) found.set(key, { key, address: url.href.slice(0, LONGEST_ADDRESS), textAt });
    }
    if (resolved > MOST_RESOLVED || compared > MOST_COMPARED) break;
  }
  return found;
}

/** The host and port that a key begins with. */
export function hostOfKey(key: string): string {
  return key.split(/[/?]/, 1)[0] as string;
}

/**
 * Most links lead elsewhere, and their first letters say so for a tenth of what it costs to resolve them. Only
 * where that is certain: a plain host that holds none of ours, or no host at all on a page elsewhere.
 */
function elsewhere(from: URL, hosts: ReadonlySet<string>): (href: string) => boolean {
  const staysElsewhere = !hosts.has(hostOf(from));
  const names = Array.from(hosts, host => host.replace(/:\d+$/, ''));
  // Numbers have many spellings, all of them plain.
  const plainNames = names.every(name => !/^[\d[]/.test(name));
  return href => {
    if (staysElsewhere && STAYS.test(href)) return true;
    const host = plainNames && PLAIN_HOST.exec(href)?.[1]?.toLowerCase();
    return host ? !names.some(name => host.includes(name)) : false;
  };
}

function hostOf(url: URL): string {
  return siteOf(url) + (url.port && `:${url.port}`);
}

function webAddress(href: string, base: string): URL | null {
  const url = href.length > LONGEST_ADDRESS ? null : URL.parse(href, base);
  return url && /^https?:$/.test(url.protocol) ? url : null;
}
