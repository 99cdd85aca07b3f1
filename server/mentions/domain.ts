import { getDomain } from 'tldts';
import { hostAndPort } from '../net/public-address.ts';
import { siteOf } from './source-key.ts';

/**
 * Whose visits an address counts as: its registrable domain by the public suffix list, private suffixes
 * included, so that each blog of a hosting service counts for itself; an IP address or an unknown suffix is a
 * domain of its own. Empty for what `FETCH_ALLOW` names, which is outside the limits of looks.
 */
export function domainOf(url: URL, allow: ReadonlySet<string>): string {
  if (allow.has(hostAndPort(url))) return '';
  const site = siteOf(url);
  return getDomain(site, { allowPrivateDomains: true, extractHostname: false }) ?? site;
}
