import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a form was sent by a page of another site. Browsers say so (Fetch Metadata, `Sec-Fetch-Site`; older ones
 * by `Origin`); programs say nothing, and may send what they like.
 */
export function isFromElsewhere(headers: IncomingHttpHeaders, ownOrigin: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'cross-site';
  const { origin } = headers;
  return origin !== undefined && origin !== 'null' && origin !== ownOrigin;
}
