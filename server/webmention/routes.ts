import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { Refusal } from '../mentions/mention.ts';
import type { Receive } from '../mentions/receive.ts';
import type { ReceiveAt } from '../mentions/receive-at.ts';
import type { Urls } from '../urls.ts';
import type { CameWith } from '../web/arrivals.ts';
import { bytesOf, isHangUp, pingBody, refusalOfBody } from '../web/ping-body.ts';
import type { LimitSender } from '../web/rate-limit.ts';
import { parseMention } from './parse-mention.ts';
import { type Answer, accepted, BROKEN, missed, refused } from './response.ts';

const MOST_BYTES = 64 * 1024;
const PLAIN = 'text/plain; charset=utf-8';

export interface WebmentionRoutesNeeds {
  limitSender: LimitSender;
  cameWith: CameWith;
  receive: Receive;
  receiveAt: ReceiveAt;
  urls: Pick<Urls, 'receipt'>;
  log: Logger;
}

/**
 * The Webmention door: POST /webmention (W3C Webmention, section 3.2). 201 with the receipt's address, or a
 * plain text that says why not.
 */
export function webmentionRoutes({
  limitSender,
  cameWith,
  receive,
  receiveAt,
  urls,
  log,
}: WebmentionRoutesNeeds): Router {
  const router = Router();
  const address = router.route('/webmention');

  const limited = limitSender('webmention', (response, over) => answer(response, refused('too-many', over)));
  address.post(limited, pingBody(MOST_BYTES), async (request, response) => {
    const said = parseMention(bytesOf(request), request.headers['content-type']);
    if (typeof said === 'string') return turnAway(request, response, said);
    const at = { target: said.target, via: 'webmention', ...cameWith(request) } as const;
    const taken = await receiveAt(said.claim, at);
    if ('miss' in taken) return answer(response, missed(taken.miss));
    if ('refusal' in taken) return answer(response, refused(taken.refusal, taken.over));
    const receipt = urls.receipt(taken.mention.id);
    response.status(201).set('Location', receipt).set('Cache-Control', 'no-store');
    response.type(PLAIN).send(accepted(receipt));
  });

  address.all((_request, response) => {
    response.status(405).set('Allow', 'POST').type(PLAIN);
    response.send('This address takes webmentions: forms with a source and a target, sent with POST.\n');
  });

  /** Reached by anything that goes wrong above. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    if (request.method !== 'POST' || response.headersSent) return next(error);
    if (isHangUp(error)) return;
    const refusal = refusalOfBody(error);
    if (refusal) return turnAway(request, response, refusal);
    log.error({ err: error }, 'the Webmention door broke');
    answer(response, BROKEN);
  };
  router.use('/webmention', trouble);

  /** For what could not be read, so that nobody's address is known. */
  function turnAway(request: Request, response: Response, refusal: Refusal): void {
    void receive(refusal, { topic: '', via: 'webmention', ...cameWith(request) });
    answer(response, refused(refusal));
  }

  return router;
}

function answer(response: Response, { status, words, retryAfter }: Answer): void {
  if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
  response.status(status).set('Cache-Control', 'no-store').type(PLAIN).send(words);
}
