import type { Urls } from '../urls.ts';
import type { Headers } from '../web/headers.ts';

/**
 * How software that saw a link to a topic finds the doors (Pingback 1.0, section 2.1; Webmention, section
 * 3.1.2). On topic pages only, so that no other page is pinged; the page's head says the same.
 */
export function discoveryHeaders(urls: Pick<Urls, 'pingback' | 'webmention'>): Headers {
  return [
    ['X-Pingback', urls.pingback],
    ['Link', `<${urls.webmention}>; rel="webmention"`],
  ];
}
