import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { Mentions } from '../mentions/mentions.ts';
import type { Receive } from '../mentions/receive.ts';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import type { CameWith } from '../web/arrivals.ts';
import { bytesOf, isHangUp, pingBody, refusalOfBody } from '../web/ping-body.ts';
import type { LimitSender } from '../web/rate-limit.ts';
import type { Views } from '../web/views.ts';
import { parsePing } from './parse-ping.ts';
import { pingAddressPage } from './ping-address-page.ts';
import { accepted, notTaken, RESPONSE_TYPE, refused } from './response.ts';
import { renderRss091 } from './rss-091.ts';

const MOST_BYTES = 64 * 1024;
const RSS_LENGTH = 50;

export interface TrackbackRoutesNeeds {
  limitSender: LimitSender;
  cameWith: CameWith;
  receive: Receive;
  topics: Pick<Topics, 'bySlug'>;
  mentions: Pick<Mentions, 'listed'>;
  views: Views;
  urls: Urls;
  log: Logger;
}

/**
 * The TrackBack door: POST /t/:slug/trackback, and POST /t/:slug for blogs that know one address only.
 * Whatever happens, a POST is answered with status 200 and TrackBack XML, because no sender reads
 * anything else.
 */
export function trackbackRoutes({
  limitSender,
  cameWith,
  receive,
  topics,
  mentions,
  views,
  urls,
  log,
}: TrackbackRoutesNeeds): Router {
  const router = Router();

  const limited = limitSender('trackback', response => answer(response, refused('too-many')));
  router.post(
    ['/t/:slug/trackback', '/t/:slug'],
    limited,
    pingBody(MOST_BYTES),
    async (request, response) => {
      const ping = parsePing(bytesOf(request), request.headers['content-type']);
      const at = { topic: String(request.params['slug']), via: 'trackback' } as const;
      const taken = await receive(ping, { ...at, ...cameWith(request) });
      if ('refusal' in taken) return answer(response, refused(taken.refusal));
      answer(response, accepted(urls.topic(taken.topic.slug), urls.receipt(taken.mention.id)));
    },
  );

  router.get('/t/:slug/trackback', async (request, response, next) => {
    if (request.query['url'] !== undefined) {
      return answer(response, notTaken('A ping has to be sent with POST. Nothing was recorded.'));
    }
    const slug = readSlug(request.params.slug);
    const topic = slug ? await topics.bySlug(slug) : null;
    if (request.query['__mode'] === 'rss')
      return answer(response, topic ? await asRss(topic) : refused('unknown-topic'));
    if (!topic) return next();
    response.set('Cache-Control', 'public, no-cache').set('X-Robots-Tag', 'noindex');
    response.type('html').send(views.page('ping-address', pingAddressPage({ topic, urls })));
  });

  router.all('/t/:slug/trackback', (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    response.status(405).set('Allow', 'GET, HEAD, POST');
    response.type(RESPONSE_TYPE).send(notTaken('A ping has to be sent with POST. Nothing was recorded.'));
  });

  /** Reached by anything that goes wrong above, and by an address at this door that can't be decoded. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    if (!isPing(request) || response.headersSent) return next(error);
    if (isHangUp(error)) return;
    const refusal = error instanceof URIError ? 'unknown-topic' : refusalOfBody(error);
    if (!refusal) {
      log.error({ err: error }, 'the TrackBack door broke');
      return answer(response, notTaken(BROKEN));
    }
    void receive(refusal, { topic: '', via: 'trackback', ...cameWith(request) });
    answer(response, refused(refusal));
  };
  router.use(trouble);

  async function asRss(topic: Topic): Promise<string> {
    return renderRss091(topic, await mentions.listed(topic.id, RSS_LENGTH), urls.topic(topic.slug));
  }

  return router;
}

const BROKEN = 'Something broke on our side. The ping was not recorded; send it again later.';

function answer(response: Response, xml: string): void {
  response.status(200).set('Content-Type', RESPONSE_TYPE).set('Cache-Control', 'no-store').send(xml);
}

function isPing({ method, path }: Request): boolean {
  return method === 'POST' && /^\/t\/[^/]*(?:\/trackback)?\/?$/i.test(path);
}
