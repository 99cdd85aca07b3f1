import { hostAndPort, mayBePublic } from '../net/public-address.ts';
import type { Refusal } from './mention.ts';

/** A post's address, read once: how it is fetched and shown, how it is compared, and whose site it is. */
export interface Source {
  url: string;
  key: string;
  site: string;
}

/** An address that is turned away; the key where it could be read, so that its author can find out why. */
export interface Refused {
  refusal: Refusal;
  key: string | null;
}

/** What decides whether an address may be a source: the keys of this hub's base addresses, `FETCH_ALLOW`, `FETCH_PORTS`. */
export interface SourceRules {
  ownKeys: readonly string[];
  allow: ReadonlySet<string>;
  /** Without it those of `WEB_PORTS`. */
  ports?: ReadonlySet<number>;
}

const LONGEST_URL = 2048;
const TRACKING = /^(?:utm_[^=]*|fbclid|gclid|mc_cid|mc_eid)(?:=|$)/i;

/**
 * Reads the address a sender gave for its post. Everything that can be known to lead nowhere
 * public without asking anyone is refused here; names are checked again when they are resolved.
 */
export function readSource(raw: string, rules: SourceRules): Source | Refused {
  const text = raw.trim();
  if (text === '') return refused('no-address');
  const url = readAddress(text);
  if (typeof url === 'string') return refused(url);
  const key = keyOf(url);
  if (rules.ownKeys.some(own => key === own || key.startsWith(`${own}/`) || key.startsWith(`${own}?`))) {
    return refused('own-address', key);
  }
  if (!mayBePublic(url, rules.ports) && !rules.allow.has(hostAndPort(url))) return refused('not-public', key);
  if (!/[/?]/.test(key)) return refused('not-post', key);
  url.hash = '';
  return { url: url.href, key, site: siteOf(url) };
}

/** A full web address as it was sent, or why it is none. */
export function readAddress(text: string): URL | 'too-long' | 'bad-address' {
  if (text.length > LONGEST_URL) return 'too-long';
  // The URL parser drops tabs and line breaks in silence; an address with them is not what it seems.
  if (/[\s\p{Cc}\\]/u.test(text) || !/^https?:\/\//i.test(text)) return 'bad-address';
  const url = URL.parse(text);
  if (!url || url.username || url.password) return 'bad-address';
  return url.href.length > LONGEST_URL ? 'too-long' : url;
}

function refused(refusal: Refusal, key: string | null = null): Refused {
  return { refusal, key };
}

/**
 * What two addresses of one post have in common: the address without scheme, `www.`, default port,
 * the host's trailing dot, fragment, trailing slash and tracking parameters, escapes normalised
 * (RFC 3986, section 6.2.2). Stored with every mention: changing it means migrating them.
 */
export function keyOf(url: URL): string {
  const port = url.port ? `:${url.port}` : '';
  const path = normalEscapes(url.pathname).replace(/(?<!\/)\/+$/, '');
  const query = normalEscapes(url.search.slice(1))
    .split('&')
    .filter(part => part !== '' && !TRACKING.test(part))
    .join('&');
  return siteOf(url) + port + path + (query ? `?${query}` : '');
}

/** The blog a post belongs to, as its host without `www.`. */
export function siteOf(url: URL): string {
  return url.hostname.replace(/\.$/, '').replace(/^www\.(?=.*\.)/, '');
}

/** The site of a key, as `siteOf` has it of an address. */
export function siteOfKey(key: string): string {
  return /^(?:\[[^\]]*\]|[^:/?]*)/.exec(key)?.[0] ?? '';
}

function normalEscapes(text: string): string {
  return text.replace(/%[0-9a-f]{2}/gi, code => {
    const char = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[a-z0-9._~-]/i.test(char) ? char : code.toUpperCase();
  });
}
