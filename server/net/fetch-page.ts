import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { Client, type Dispatcher } from 'undici';
import type { Trouble } from '../mentions/mention.ts';
import { guardedConnect } from './guarded-connect.ts';
import type { Permit } from './permit.ts';
import { CODINGS, codingOf, readBody } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';
import { troubled, troubleOf } from './trouble.ts';

/** A page as it came. */
export interface PageAnswer {
  status: number;
  bytes: Uint8Array;
  contentType: string;
  /** Each `X-Robots-Tag`. */
  robots: readonly string[];
}

/** What one address answered. `retryAfterMs`: the site asked for that pause (429 and 503). */
export type FetchedPage =
  | ({ kind: 'page' } & PageAnswer)
  | { kind: 'redirect'; status: number; to: string }
  | { kind: 'gone'; status: 410 }
  | { kind: 'not-html'; status: number }
  | { kind: 'failed'; trouble: Trouble; status?: number; retryAfterMs?: number };

/**
 * One http(s) address, the milliseconds there are for it, the guard of this fetch's connections, and who is told which
 * of the permitted addresses was reached.
 */
export interface Fetching {
  url: string;
  leftMs: number;
  permit: Permit;
  reached?: ((address: string) => void) | undefined;
  /** The IP address of whoever had us come, to be named; null for nobody. */
  forwardedFor: string | null;
}

/** Fetches a page in time, connecting only where the guard says; never rejects for what the other side does. */
export type FetchPage = (fetching: Fetching) => Promise<FetchedPage>;

export interface FetchNeeds {
  /** Names the hub and why it comes. */
  userAgent: string;
  now: () => number;
}

type Answer = Dispatcher.ResponseData;

const MOST_BYTES = 1024 * 1024;
/** As sent, headers and all: room for any page of `MOST_BYTES`, and an end to what decodes to nothing. */
const MOST_SENT_BYTES = 2 * MOST_BYTES;
const MOST_HEADER_BYTES = 16 * 1024;
/** An endless run of interim answers would cost seconds of CPU; nobody sends more than one or two. */
const MOST_INTERIM = 20;
const LONGEST_URL = 2048;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Without the content that was asked for, though the request succeeded. */
const NO_PAGE = new Set([204, 205, 206]);
const HTML = /^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:[;,]|$)/i;

/**
 * The one door out. Every look has a client of its own: a fresh connection, opened through the guard, no
 * redirect followed, no cookie, no referrer, no proxy, nothing kept. One deadline covers name, connection,
 * TLS, headers and body.
 */
export function createFetchPage({ userAgent, now }: FetchNeeds): FetchPage {
  const secureContext = createSecureContext();
  const headers = {
    // The name of a site may be in any script, a header in ASCII only.
    'user-agent': userAgent.replace(/[^\x20-\x7e]+/g, '?'),
    accept: 'text/html, application/xhtml+xml, */*;q=0.1',
    'accept-encoding': CODINGS,
  };

  return async ({ url: address, leftMs, permit, reached, forwardedFor }) => {
    const url = new URL(address);
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(troubled('timeout', 'took too long')), leftMs);
    const client = new Client(url.origin, {
      connect: guardedConnect({
        permit,
        reached,
        signal: giveUp.signal,
        mostBytes: MOST_SENT_BYTES,
        secureContext,
      }),
      pipelining: 0,
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    let interim = 0;
    try {
      const answer = await client.request({
        method: 'GET',
        path: url.pathname + url.search,
        headers: { ...headers, ...namingSender(forwardedFor) },
        signal: giveUp.signal,
        onInfo() {
          if (++interim > MOST_INTERIM) giveUp.abort(troubled('broken-answer', 'only interim answers'));
        },
      });
      return await read(answer, url, now);
    } catch (error) {
      return { kind: 'failed', trouble: troubleOf(error) ?? blameOnPeer(error) };
    } finally {
      clearTimeout(timer);
      void client.destroy();
    }
  };
}

/** As WordPress names who sent a Pingback. The zone of a link-local address means something on our machine only. */
function namingSender(address: string | null): Record<string, string> {
  const named = address !== null && isIP(address) !== 0 && !address.includes('%');
  return named ? { 'x-pingback-forwarded-for': address } : {};
}

async function read(answer: Answer, url: URL, now: () => number): Promise<FetchedPage> {
  const status = answer.statusCode;
  if (status === 410) return { kind: 'gone', status };
  if (REDIRECTS.has(status)) return redirect(answer, url);
  if (status < 200 || status > 299 || NO_PAGE.has(status)) return refusal(answer, now());
  const contentType = valuesOf(answer, 'content-type').at(-1) ?? '';
  if (!HTML.test(contentType)) return { kind: 'not-html', status };
  const coding = codingOf(valuesOf(answer, 'content-encoding').join());
  if (!coding) return { kind: 'failed', trouble: 'broken-answer', status };
  const bytes = await readBody(answer.body, coding, MOST_BYTES);
  return { kind: 'page', status, bytes, contentType, robots: valuesOf(answer, 'x-robots-tag') };
}

/** Sent twice, a Location must say the same twice: else two readers would go two ways. */
function redirect(answer: Answer, from: URL): FetchedPage {
  const status = answer.statusCode;
  const [location, ...others] = new Set(valuesOf(answer, 'location'));
  const to = location && others.length === 0 ? URL.parse(escapeBytes(location), from.href) : null;
  const usable = to && /^https?:$/.test(to.protocol) && !to.username && !to.password;
  if (!usable || to.href.length > LONGEST_URL) return { kind: 'failed', trouble: 'broken-answer', status };
  to.hash = '';
  return { kind: 'redirect', status, to: to.href };
}

/** undici hands out each byte of a header as one character; which charset they are in is the other server's affair. */
function escapeBytes(header: string): string {
  return header.replace(/[\x80-\xff]/g, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refusal(answer: Answer, now: number): FetchedPage {
  const status = answer.statusCode;
  const asked =
    status === 429 || status === 503 ? retryAfterMs(valuesOf(answer, 'retry-after')[0], now) : null;
  return { kind: 'failed', trouble: 'status', status, ...(asked === null ? {} : { retryAfterMs: asked }) };
}

function valuesOf(answer: Answer, name: string): string[] {
  const value = answer.headers[name];
  return value === undefined ? [] : [value].flat();
}

/** undici, zlib and the system give each error that the other side causes a code; what has none is our own fault. */
function blameOnPeer(error: unknown): Trouble {
  if (error instanceof Error && 'code' in error && !/INVALID_ARG/.test(String(error.code)))
    return 'broken-answer';
  throw error;
}
