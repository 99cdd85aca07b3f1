import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { StoreAway } from '../storage/storage.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import { BROKEN_PAGE } from './broken-page.ts';
import { notFoundPage } from './not-found-page.ts';
import type { PageCache } from './page-cache.ts';
import type { Views } from './views.ts';

export interface ErrorNeeds {
  topics: Pick<Topics, 'list'>;
  views: Views;
  urls: Urls;
  cache: Pick<PageCache, 'answerAnyway'>;
  log: Logger;
}

/** What stands at the end of the site map: every address that leads nowhere. */
export function notFound({
  topics,
  views,
  urls,
}: ErrorNeeds): (...asked: Parameters<RequestHandler>) => Promise<void> {
  return async (request, response) => {
    const path = request.originalUrl.split('?')[0] as string;
    const below = path.startsWith(urls.basePath) ? path.slice(urls.basePath.length) : path;
    const slug = /^\/t\/([^/.]+)/.exec(below)?.[1]?.toLowerCase() ?? null;
    const address = urls.at(path);
    const page = notFoundPage({ address, slug, topics: slug ? await topics.list() : [], urls });
    response.status(404).set('X-Robots-Tag', 'noindex').set('Cache-Control', 'no-store');
    response.type('html').send(views.page('not-found', page));
  };
}

/**
 * The last resort of a request. An address that can't be decoded leads nowhere; without the store a page is
 * answered as it was last, or with 503; all else is a fault of ours.
 */
export function broken(needs: ErrorNeeds): ErrorRequestHandler {
  const { views, cache, log } = needs;
  const lost = notFound(needs);
  return (error, request, response, next) =>
    error instanceof URIError && !response.headersSent
      ? lost(request, response, next).catch(fault => answer(fault, request, response))
      : answer(error, request, response);

  async function answer(error: unknown, request: Request, response: Response): Promise<void> {
    log.error({ err: error, method: request.method, path: request.path.slice(0, 300) }, 'a request broke');
    if (response.headersSent) {
      // Half an answer must not pass for a whole one.
      response.destroy();
      return;
    }
    const away = error instanceof StoreAway;
    if (away && (await cache.answerAnyway(request, response))) return;
    if (away) response.set('Retry-After', '30');
    response.status(away ? 503 : 500).set('Cache-Control', 'no-store');
    response.type('html').send(views.page('broken', BROKEN_PAGE));
  }
}
