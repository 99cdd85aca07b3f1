import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Headers } from './headers.ts';

/** A page as a renderer hands it over. `changedAt` (epoch milliseconds) is when its content last changed. */
export interface Rendered {
  type: string;
  body: string;
  changedAt: number;
  headers?: Headers;
  /** A query makes another page of it, so it never stands in for its address with one. */
  byQuery?: boolean;
}

/** What a page is made from: `owner` is the topic it belongs to, `version` that topic's version. */
export interface Edition {
  owner: string;
  version: number;
  /** What else of this hub the page shows, so that it is another edition when that changes. */
  beside?: string;
}

export type Encoding = 'br' | 'gzip' | 'identity';

/** One encoding of a page: what a 200, a HEAD and a 304 send. */
interface Variant {
  body: Buffer;
  full: string[];
  unchanged: string[];
}

/** An edition of a page as bytes and headers. */
export interface FinishedPage {
  edition: Edition;
  byQuery: boolean;
  /** What it takes of memory at most, in bytes. */
  size: number;
  /** Whether this encoding is made already, so that `send` answers at once. */
  isReady: (encoding: Encoding) => boolean;
  /** In which encodings it was asked for. */
  asked: ReadonlySet<Encoding>;
  /** Makes these encodings, so that those who ask for them need not wait. */
  prepare: (encodings: Iterable<Encoding>) => Promise<void>;
  /** Answers a GET or a HEAD, with a 304 where the asker has this edition. */
  send: (request: IncomingMessage, response: ServerResponse, encoding: Encoding) => void | Promise<void>;
}

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

const compress: Readonly<Record<Exclude<Encoding, 'identity'>, (plain: Buffer) => Promise<Buffer>>> = {
  br: plain => compressBrotli(plain, QUALITY),
  gzip: plain => compressGzip(plain, { level: 6 }),
};

/**
 * Makes bytes and headers of a rendered page. Each encoding is made when it is first asked for, and once,
 * because a page that changes with every post may be gone before anybody wants the other one.
 */
export function finishPage(
  { type, body, changedAt, headers = [], byQuery = false }: Rendered,
  edition: Edition,
  { build, always }: { build: string; always: Headers },
): FinishedPage {
  const plain = Buffer.from(body);
  const name = `${edition.owner}.${edition.version}${edition.beside ?? ''}-${build}`;
  const tag = (encoding: Encoding) => (encoding === 'identity' ? `"${name}"` : `"${name}-${encoding}"`);
  const etags = new Set((['identity', 'br', 'gzip'] as const).map(tag));

  const variant = (bytes: Buffer, encoding: Encoding): Variant => {
    const common: [string, string][] = [
      ['ETag', tag(encoding)],
      ['Last-Modified', new Date(changedAt).toUTCString()],
      ['Cache-Control', 'public, no-cache'],
      ['Vary', 'Accept-Encoding'],
    ];
    const coding: [string, string][] = encoding === 'identity' ? [] : [['Content-Encoding', encoding]];
    const length: [string, string] = ['Content-Length', String(bytes.length)];
    return {
      // Compressors hand out slices of larger buffers; a copy lets those go.
      body: Buffer.from(bytes),
      full: [...common, ['Content-Type', type], ...coding, length, ...headers, ...always].flat() as string[],
      unchanged: common.flat(),
    };
  };
  const identity = variant(plain, 'identity');
  const ready: Partial<Record<Encoding, Variant>> = { identity };
  const underWay: Partial<Record<Encoding, Promise<Variant>>> = {};
  const asked = new Set<Encoding>();

  async function compressed(encoding: Exclude<Encoding, 'identity'>): Promise<Variant> {
    try {
      const made = variant(await compress[encoding](plain), encoding);
      ready[encoding] = made;
      return made;
    } catch {
      // Without the memory for it, the page goes out as it is.
      return identity;
    }
  }

  function make(encoding: Encoding): Variant | Promise<Variant> {
    const made = ready[encoding];
    if (made || encoding === 'identity') return made ?? identity;
    underWay[encoding] ??= compressed(encoding);
    return underWay[encoding];
  }

  function sendVariant(variant: Variant, request: IncomingMessage, response: ServerResponse): void {
    if (isUnchanged(etags, changedAt, request)) response.writeHead(304, variant.unchanged).end();
    else response.writeHead(200, variant.full).end(request.method === 'HEAD' ? undefined : variant.body);
  }

  return {
    edition,
    byQuery,
    size: 2 * plain.length + 4_096,
    isReady: encoding => ready[encoding] !== undefined,
    asked,
    async prepare(encodings) {
      await Promise.all([...encodings].map(make));
    },
    send(request, response, encoding) {
      asked.add(encoding);
      const made = make(encoding);
      if ('body' in made) return sendVariant(made, request, response);
      return made.then(variant => sendVariant(variant, request, response));
    },
  };
}

/** RFC 9110, 13.2.2: If-None-Match decides when it is there; any encoding's tag names the same edition. */
function isUnchanged(
  etags: ReadonlySet<string>,
  changedAt: number,
  { headers }: Pick<IncomingMessage, 'headers'>,
): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined) {
    return match.split(',').some(part => {
      const tag = part.trim().replace(/^W\//, '');
      return tag === '*' || etags.has(tag);
    });
  }
  const date = headers['if-modified-since'] ?? '';
  const since = date.endsWith('GMT') ? Date.parse(date) : Number.NaN;
  // Exactly, because what is shown may become older than it was: with a topic goes its last change.
  return Math.floor(changedAt / 1000) * 1000 === since;
}
