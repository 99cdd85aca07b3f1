import { timingSafeEqual } from 'node:crypto';
import { type ErrorRequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { StoreAway } from '../storage/storage.ts';
import type { Metrics } from './metrics.ts';

const READY_WITHIN_MS = 500;

/** What the health addresses ask. `stopping` is true once the process has been told to end. */
export interface HealthNeeds {
  ping: () => Promise<void>;
  stopping: () => boolean;
  metrics: Pick<Metrics, 'type' | 'text'>;
  metricsToken: string | null;
  log: Logger;
}

/** `/livez`, `/readyz` and `/metrics`, for supervisors and monitoring; all of it plain text. */
export function healthRoutes({ ping, stopping, metrics, metricsToken, log }: HealthNeeds): Router {
  const router = Router();
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  router.get('/livez', (_request, response) => {
    response.type('text').send('alive\n');
  });

  router.get('/readyz', async (_request, response) => {
    const state = stopping() ? 'stopping' : await within(ping(), READY_WITHIN_MS);
    response
      .status(state === 'ready' ? 200 : 503)
      .type('text')
      .send(`${state}\n`);
  });

  router.get('/metrics', async (request, response) => {
    const { authorization, forwarded } = request.headers;
    // A proxy on this machine is loopback too, but it says for whom it asks.
    const proxied = forwarded !== undefined || request.headers['x-forwarded-for'] !== undefined;
    const allowed = metricsToken
      ? sameText(authorization ?? '', `Bearer ${metricsToken}`)
      : isLoopback(request.socket.remoteAddress) && !proxied;
    if (!allowed) {
      response.status(metricsToken ? 401 : 403);
      if (metricsToken) response.set('WWW-Authenticate', 'Bearer');
      response.type('text').send('The metrics are not public.\n');
      return;
    }
    response.set('Content-Type', metrics.type).send(await metrics.text());
  });

  /** In a process that only looks at posts nobody else would answer. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) return next(error);
    log.error({ err: error, path: request.path }, 'a health address broke');
    response.status(error instanceof StoreAway ? 503 : 500).type('text');
    response.send('This could not be found out; the log says why.\n');
  };
  router.use(trouble);

  return router;
}

async function within(answer: Promise<void>, ms: number): Promise<'ready' | 'the store does not answer'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ms);
  });
  try {
    await Promise.race([answer, late]);
    return 'ready';
  } catch {
    return 'the store does not answer';
  } finally {
    clearTimeout(timer);
  }
}

function isLoopback(address = ''): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
