import type { Config } from './config.ts';
import { keyOf, type SourceRules } from './mentions/source-key.ts';
import { createUrls, type Urls } from './urls.ts';

/** The settings that say where this hub is, and where it may look. */
export type Places = Pick<Config, 'siteName' | 'baseUrlAliases' | 'fetchAllow' | 'fetchPorts'>;

/**
 * What follows from the settings for every part: this hub under all its addresses, the first of which is the public
 * one; what may be a post; and how the hub calls itself where it looks.
 */
export function readSites(
  baseUrl: string,
  { siteName, baseUrlAliases, fetchAllow, fetchPorts }: Places,
): { urls: Urls; sites: readonly Urls[]; rules: Required<SourceRules>; userAgent: string } {
  const urls = createUrls(baseUrl);
  const sites = [urls, ...baseUrlAliases.map(createUrls)];
  const ownKeys = sites.map(site => keyOf(new URL(site.home)));
  return {
    urls,
    sites,
    rules: { ownKeys, allow: fetchAllow, ports: fetchPorts },
    userAgent: `topichub (${siteName}; ${urls.home}; looking for the link of a ping)`,
  };
}
