import type { ErrorRequestHandler, RequestHandler } from 'express';
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
export function notFound({ topics, views, urls }: ErrorNeeds): RequestHandler {
  return async (request, response) => {
    const slug = /^\/t\/([^/.]+)/.exec(request.path)?.[1]?.toLowerCase() ?? null;
    const address = urls.at(request.originalUrl.split('?')[0] as string);
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
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof URIError) {
      void Promise.resolve(lost(request, response, next)).catch(next);
      return;
    }
    log.error({ err: error, method: request.method, path: request.path.slice(0, 300) }, 'a request broke');
    const away = error instanceof StoreAway;
    if (away && cache.answerAnyway(request, response)) return;
    if (away) response.set('Retry-After', '30');
    response.status(away ? 503 : 500).set('Cache-Control', 'no-store');
    response.type('html').send(views.page('broken', BROKEN_PAGE));
  };
}
