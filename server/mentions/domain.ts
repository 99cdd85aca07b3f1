import { createRequire } from 'node:module';
import { hostAndPort } from '../net/public-address.ts';
import { siteOf } from './source-key.ts';

type Suffixes = Pick<typeof import('tldts'), 'getDomain'>;

let suffixes: Suffixes | undefined;

/**
 * Whose visits an address counts as: its registrable domain by the public suffix list, private suffixes
 * included, so that each blog of a hosting service counts for itself; an IP address or an unknown suffix is a
 * domain of its own. Empty for what `FETCH_ALLOW` names, which is outside the limits of looks.
 */
export function domainOf(url: URL, allow: ReadonlySet<string>): string {
  if (allow.has(hostAndPort(url))) return '';
  const site = siteOf(url);
  // Loaded when the first address comes: the list takes 10 ms and 10 MiB, which a hub that starts has no use for.
  suffixes ??= createRequire(import.meta.url)('tldts') as Suffixes;
  return suffixes.getDomain(site, { allowPrivateDomains: true, extractHostname: false }) ?? site;
}
