import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
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

type Encoding = 'br' | 'gzip' | 'identity';

/** One encoding of a page: what a 200, a HEAD and a 304 send. */
interface Variant {
  body: Buffer;
  full: string[];
  unchanged: string[];
}

interface Page {
  edition: Edition;
  etags: ReadonlySet<string>;
  changedAt: number;
  variants: Record<Encoding, Variant>;
  byQuery: boolean;
  /** Until then the version need not be asked for again. */
  freshUntil: number;
}

/** When a version was read, and after which of this process' changes. */
interface Moment {
  changes: number;
  at: number;
}

export type PageCache = ReturnType<typeof createPageCache>;

const ENCODINGS: readonly Encoding[] = ['br', 'gzip', 'identity'];
const REMEMBERED_MS = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;
const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/**
 * Finished pages and feeds: bytes and headers are made once per topic version and encoding, and
 * answered in front of Express for as long as the version is known to stand (1 s at most, so that
 * processes on one database agree without talking to each other).
 */
export function createPageCache(needs: {
  build: string;
  now: () => number;
  always: Headers;
  mostBytes?: number;
}) {
  const { build, now, always, mostBytes = MOST_BYTES } = needs;
  const pages = new LRUCache<string, Page>({ maxSize: mostBytes, sizeCalculation: sizeOf });
  const underWay = new Map<string, Promise<Page>>();
  const encodings = new LRUCache<string, Encoding>({ max: 500 });
  /** Counts changes made in this process, so that a page rendered across one is not taken for fresh. */
  let changes = 0;

  function encodingFor(accept: string | undefined): Encoding {
    if (!accept) return 'identity';
    const known = encodings.get(accept);
    if (known) return known;
    const negotiator = new Negotiator({ headers: { 'accept-encoding': accept.slice(0, 200) } });
    const acceptable = negotiator.encodings([...ENCODINGS]);
    // Nothing acceptable: RFC 9110, 12.5.3 lets us send it as it is.
    const chosen = ENCODINGS.find(encoding => acceptable.includes(encoding)) ?? 'identity';
    encodings.set(accept, chosen);
    return chosen;
  }

  function send(page: Page, request: IncomingMessage, response: ServerResponse): void {
    const variant = page.variants[encodingFor(request.headers['accept-encoding'])];
    if (isUnchanged(page, request)) {
      response.writeHead(304, variant.unchanged).end();
      return;
    }
    response.writeHead(200, variant.full).end(request.method === 'HEAD' ? undefined : variant.body);
  }

  async function finish(rendered: Rendered, edition: Edition): Promise<Page> {
    const { type, changedAt, headers = [], byQuery = false } = rendered;
    const plain = Buffer.from(rendered.body);
    const [br, gz] = await Promise.all([
      compressBrotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
      compressGzip(plain, { level: 6 }),
    ]);
    const tag = (suffix: string) =>
      `"${edition.owner}.${edition.version}${edition.beside ?? ''}-${build}${suffix}"`;
    const variant = (bytes: Buffer, encoding: Encoding): Variant => {
      const common: [string, string][] = [
        ['ETag', tag(encoding === 'identity' ? '' : `-${encoding}`)],
        ['Last-Modified', new Date(changedAt).toUTCString()],
        ['Cache-Control', 'public, no-cache'],
        ['Vary', 'Accept-Encoding'],
      ];
      const coding: [string, string][] = encoding === 'identity' ? [] : [['Content-Encoding', encoding]];
      const length: [string, string] = ['Content-Length', String(bytes.length)];
      return {
        // Compressors hand out slices of larger buffers; a copy lets those go.
        body: Buffer.from(bytes),
        full: [
          ...common,
          ['Content-Type', type],
          ...coding,
          length,
          ...headers,
          ...always,
        ].flat() as string[],
        unchanged: common.flat(),
      };
    };
    return {
      edition,
      etags: new Set(['', '-br', '-gzip'].map(tag)),
      changedAt,
      variants: { br: variant(br, 'br'), gzip: variant(gz, 'gzip'), identity: variant(plain, 'identity') },
      byQuery,
      freshUntil: 0,
    };
  }

  return {
    /** Answers from memory, if this exact address is there and fresh; false when it is not. */
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const page = pages.get(request.url as string);
      const left = page ? page.freshUntil - now() : 0;
      // More is left than there ever was when the clock was set back.
      if (!page || left <= 0 || left > REMEMBERED_MS) return false;
      send(page, request, response);
      return true;
    },

    /** Answers with a page as it was last, because its version can't be asked for; false when there is none. */
    answerAnyway(request: IncomingMessage, response: ServerResponse): boolean {
      const [path, query] = partsOf(request);
      const page = /^(?:GET|HEAD)$/.test(request.method ?? '') && pages.get(path);
      if (!page || (page.byQuery && query !== undefined)) return false;
      send(page, request, response);
      return true;
    },

    /** To be taken before a version is read, and handed to `serve` with it. */
    moment: (): Moment => ({ changes, at: now() }),

    /**
     * Answers with an edition of a page, which is rendered at most once, whoever asks meanwhile.
     * `address` is the path under which `answer` will find it.
     */
    async serve(
      request: IncomingMessage,
      response: ServerResponse,
      asked: { address: string; moment: Moment; edition: Edition; render: () => Promise<Rendered> },
    ): Promise<void> {
      const { address, moment, edition, render } = asked;
      let page = pages.get(address);
      if (!page || !sameEdition(page.edition, edition)) {
        const job = `${address} ${edition.owner} ${edition.version} ${edition.beside}`;
        const rendering = underWay.get(job) ?? render().then(rendered => finish(rendered, edition));
        underWay.set(job, rendering);
        page = await rendering.finally(() => underWay.delete(job));
        // A slow rendering may have been overtaken.
        const newer = pages.get(address)?.edition;
        const overtaken = newer?.owner === edition.owner && newer.version > edition.version;
        if (!overtaken) pages.set(address, page);
      }
      page.freshUntil = moment.changes === changes ? moment.at + REMEMBERED_MS : 0;
      send(page, request, response);
    },

    /** Something of this owner changed in this process: its pages are asked for anew at once. */
    forget(owner: string): void {
      changes++;
      for (const page of pages.values()) if (page.edition.owner === owner) page.freshUntil = 0;
    },
  };
}

function sameEdition(a: Edition, b: Edition): boolean {
  return a.owner === b.owner && a.version === b.version && a.beside === b.beside;
}

/** Express shortens `url` to what lies below a router; `originalUrl` is what was asked for. */
function partsOf(request: IncomingMessage & { originalUrl?: string }): [path: string, query?: string] {
  const [path = '', query] = (request.originalUrl ?? request.url ?? '').split('?', 2);
  return query === undefined ? [path] : [path, query];
}

/** RFC 9110, 13.2.2: If-None-Match decides when it is there; any encoding's tag names the same edition. */
function isUnchanged(page: Page, { headers }: IncomingMessage): boolean {
  const match = headers['if-none-match'];
  if (match !== undefined) {
    return match.split(',').some(part => {
      const tag = part.trim().replace(/^W\//, '');
      return tag === '*' || page.etags.has(tag);
    });
  }
  const date = headers['if-modified-since'] ?? '';
  const since = date.endsWith('GMT') ? Date.parse(date) : Number.NaN;
  return Math.floor(page.changedAt / 1000) * 1000 <= since;
}

function sizeOf({ variants }: Page): number {
  return ENCODINGS.reduce((sum, encoding) => sum + variants[encoding].body.length, 4_096);
}
