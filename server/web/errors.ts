import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import { BROKEN_PAGE } from './broken-page.ts';
import { notFoundPage } from './not-found-page.ts';
import type { Views } from './views.ts';

export interface ErrorNeeds {
  topics: Pick<Topics, 'list'>;
  views: Views;
  urls: Urls;
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

/** The last resort of a request: an address that can't be decoded leads nowhere; all else is a fault of ours. */
export function broken(needs: ErrorNeeds): ErrorRequestHandler {
  const { views, log } = needs;
  const lost = notFound(needs);
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof URIError) {
      void lost(request, response, next);
      return;
    }
    log.error({ err: error, method: request.method, path: request.path.slice(0, 300) }, 'a request broke');
    response.status(500).set('Cache-Control', 'no-store');
    response.type('html').send(views.page('broken', BROKEN_PAGE));
  };
}
