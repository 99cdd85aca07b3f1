import type { IncomingHttpHeaders } from 'node:http';
import type { Urls } from '../urls.ts';

/**
 * Whether a form was sent by a page of another site than this hub, under any of its base addresses. Browsers say so
 * (`Origin`, which is "null" where a page hides where it comes from; and Fetch Metadata, `Sec-Fetch-Site`); programs
 * say nothing, and may send what they like.
 */
export function isFromElsewhere(
  headers: IncomingHttpHeaders,
  sites: readonly Pick<Urls, 'origin'>[],
): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin' || sites.some(one => one.origin === origin)) return false;
  return site === undefined ? origin !== undefined : site === 'cross-site';
}
