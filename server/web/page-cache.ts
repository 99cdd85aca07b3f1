import type { IncomingMessage, ServerResponse } from 'node:http';
import { LRUCache } from 'lru-cache';
import Negotiator from 'negotiator';
import {
  type Edition,
  type Encoding,
  type FinishedPage,
  finishPage,
  type Rendered,
} from './finished-page.ts';
import type { Headers } from './headers.ts';

/** A finished page; until `freshUntil` its version need not be asked for again. */
interface Kept {
  page: FinishedPage;
  freshUntil: number;
  /** In milliseconds that only grow. */
  madeAt: number;
  /** How many more times it may be made at once; below zero, it stands for a while whatever has changed. */
  credit: number;
}

/** When a version was read, and after which of this process' changes. */
interface Moment {
  changes: number;
  at: number;
}

/** A page that somebody wants; `address` is the path under which `answer` will find it. */
interface Asked {
  address: string;
  moment: Moment;
  edition: Edition;
  render: () => Promise<Rendered>;
}

export type PageCache = ReturnType<typeof createPageCache>;

const ENCODINGS: readonly Encoding[] = ['br', 'gzip', 'identity'];
const REMEMBERED_MS = 1_000;
const MOST_BYTES = 64 * 1024 * 1024;
/**
 * A page is made at once after so many changes in a row, and from then on so often, while readers have the one before,
 * so that a storm is not felt.
 */
const AT_ONCE = 10;
const APART_MS = 100;

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
  /** Milliseconds that only grow. */
  elapsed?: () => number;
}) {
  const { build, now, always, mostBytes = MOST_BYTES, elapsed = () => performance.now() } = needs;
  const pages = new LRUCache<string, Kept>({ maxSize: mostBytes, sizeCalculation: kept => kept.page.size });
  const underWay = new Map<string, Promise<Kept>>();
  /** Addresses whose page is about to be made although nobody waits for it. */
  const soon = new Set<string>();
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

  function send({ page }: Kept, request: IncomingMessage, response: ServerResponse): void | Promise<void> {
    return page.send(request, response, encodingFor(request.headers['accept-encoding']));
  }

  /** A page that was just made, in place of the one that was there. */
  function keeping(page: FinishedPage, before: Kept | undefined): Kept {
    const madeAt = elapsed();
    const saved = before ? before.credit + (madeAt - before.madeAt) / APART_MS : AT_ONCE;
    return { page, freshUntil: 0, madeAt, credit: Math.max(0, Math.min(AT_ONCE, saved)) - 1 };
  }

  const stands = ({ madeAt, credit }: Kept) => elapsed() - madeAt < -credit * APART_MS;

  /** In a storm, a page that has stood goes on standing while the next one is made. */
  const lasts = ({ madeAt, credit }: Kept) => credit < 0 && elapsed() - madeAt < (1 - credit) * APART_MS;

  async function make(
    { address, edition, render }: Asked,
    encodings: Iterable<Encoding> = [],
  ): Promise<Kept> {
    const job = `${address} ${edition.owner} ${edition.version} ${edition.beside}`;
    const finish = (rendered: Rendered) => finishPage(rendered, edition, { build, always });
    const rendering =
      underWay.get(job) ?? render().then(rendered => keeping(finish(rendered), pages.peek(address)));
    underWay.set(job, rendering);
    const made = await rendering.finally(() => underWay.delete(job));
    await made.page.prepare(encodings);
    // A slow rendering may have been overtaken.
    const newer = pages.get(address)?.page.edition;
    const overtaken = newer?.owner === edition.owner && newer.version > edition.version;
    if (!overtaken) pages.set(address, made);
    return made;
  }

  /** Makes a page for those who come next. A fault in it is for them, too: they will wait for it, and be told. */
  function makeSoon(asked: Asked, before: FinishedPage): void {
    const { address } = asked;
    if (soon.has(address)) return;
    soon.add(address);
    setImmediate(() =>
      make(asked, before.asked)
        .catch(() => {})
        .finally(() => soon.delete(address)),
    );
  }

  return {
    /**
     * Answers from memory, if this exact address is there and fresh; false when it is not. Nor when its bytes are
     * still to be compressed: nobody waits for this answer, so nobody could be told of a fault in it.
     */
    answer(request: IncomingMessage, response: ServerResponse): boolean {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const kept = pages.get(request.url as string);
      const left = kept ? kept.freshUntil - now() : 0;
      // More is left than there ever was when the clock was set back.
      const fresh = left > 0 && left <= REMEMBERED_MS;
      if (!kept || !(fresh || stands(kept))) return false;
      if (!kept.page.isReady(encodingFor(request.headers['accept-encoding']))) return false;
      void send(kept, request, response);
      return true;
    },

    /** Answers with a page as it was last, because its version can't be asked for; false when there is none. */
    async answerAnyway(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
      const [path, query] = partsOf(request);
      const kept = /^(?:GET|HEAD)$/.test(request.method ?? '') && pages.get(path);
      if (!kept || (kept.page.byQuery && query !== undefined)) return false;
      await send(kept, request, response);
      return true;
    },

    /** To be taken before a version is read, and handed to `serve` with it. */
    moment: (): Moment => ({ changes, at: now() }),

    /**
     * Answers with an edition of a page, which is rendered at most once, whoever asks meanwhile; in a storm of
     * changes, with one that is 0.2 s old at most.
     */
    async serve(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
      const { address, moment, edition } = asked;
      let kept = pages.get(address);
      if (!kept || (!sameEdition(kept.page.edition, edition) && !stands(kept))) {
        if (kept && lasts(kept)) makeSoon(asked, kept.page);
        else kept = await make(asked);
      }
      const isFresh = moment.changes === changes && sameEdition(kept.page.edition, edition);
      kept.freshUntil = isFresh ? moment.at + REMEMBERED_MS : 0;
      await send(kept, request, response);
    },

    /** Something of this owner changed in this process: its pages are asked for anew at once, or soon in a storm. */
    forget(owner: string): void {
      changes++;
      for (const kept of pages.values()) if (kept.page.edition.owner === owner) kept.freshUntil = 0;
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
