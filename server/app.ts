import { fileURLToPath } from 'node:url';
import express, { type Express, type RequestHandler, type Router } from 'express';
import { SAFETY_HEADERS } from './web/headers.ts';
import type { TrustProxy } from './web/sender.ts';

/** The rooms' doors, in the order in which they are asked. */
export interface AppParts {
  /** The path all addresses lie below, `''` or such as `/hub`. */
  basePath: string;
  trustProxy: TrustProxy;
  health: Router;
  trackback: Router;
  pingback: Router;
  webmention: Router;
  feeds: Router;
  receipts: Router;
  submit: Router;
  topics: Router;
  notFound: RequestHandler;
  broken: express.ErrorRequestHandler;
}

const PUBLIC = fileURLToPath(new URL('../public/', import.meta.url));

/** What a process serves that only looks at posts: the health addresses, and nothing else. */
export function createHealthApp(health: Router): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(health);
  return app;
}

/**
 * The site map: every address of this hub and who answers it.
 *
 *     GET  /livez  /readyz  /metrics       health      web/health.ts
 *     POST /t/:slug/trackback  /t/:slug    trackback   trackback/routes.ts
 *     GET  /t/:slug/trackback              trackback   trackback/routes.ts
 *     POST /pingback                       pingback    pingback/routes.ts
 *     POST /webmention                     webmention  webmention/routes.ts
 *     GET  /pings/:id  /where-is-my-ping   receipts    receipts/routes.ts
 *     POST /pings/:id/look  /where-is…     receipts    receipts/routes.ts
 *     GET  /pings/:id/look                 receipts    receipts/routes.ts
 *     GET  /t/:slug.rss  .atom  .json      feeds       feeds/routes.ts
 *     GET  /feed.rss  .atom  .json         feeds       feeds/routes.ts
 *     GET  /follow  /t/:slug/follow        feeds       feeds/routes.ts
 *     GET  /submit  /how-to-ping           submit      submit/routes.ts
 *     POST /submit                         submit      submit/routes.ts
 *     GET  /  /t/:slug                     topics      topics/routes.ts
 *     GET  /site.css and the like          public/
 */
export function createApp(parts: AppParts): Express {
  const site = express.Router();
  site.use(parts.health);
  site.use(parts.trackback);
  site.use(parts.pingback);
  site.use(parts.webmention);
  site.use(parts.feeds);
  site.use(parts.receipts);
  site.use(parts.submit);
  site.use(parts.topics);
  // The build stands in the address (urls.asset), so what lies there never changes.
  site.use(express.static(PUBLIC, { immutable: true, maxAge: '1y', index: false, redirect: false }));

  const app = express();
  app.disable('x-powered-by');
  // Its own last words on a fault would be the stack, to whoever asked.
  app.set('env', 'production');
  app.set('etag', false);
  // The base path is part of the host, as far as we know; what lies below it takes all letters.
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');
  app.set('trust proxy', parts.trustProxy);
  app.use((_request, response, next) => {
    for (const [name, value] of SAFETY_HEADERS) response.setHeader(name, value);
    next();
  });
  app.use(parts.basePath || '/', site);
  app.use(parts.notFound);
  app.use(parts.broken);
  return app;
}
