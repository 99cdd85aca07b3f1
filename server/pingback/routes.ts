import { type ErrorRequestHandler, type Response, Router } from 'express';
import type { Logger } from 'pino';
import type { Receive } from '../mentions/receive.ts';
import type { ReceiveAt, TakenAt } from '../mentions/receive-at.ts';
import type { Urls } from '../urls.ts';
import type { CameWith } from '../web/arrivals.ts';
import { bytesOf, isHangUp, pingBody, refusalOfBody } from '../web/ping-body.ts';
import type { LimitSender } from '../web/rate-limit.ts';
import { accepted, broken, misread, missed, RESPONSE_TYPE, refused } from './faults.ts';
import { readCall } from './xml-rpc.ts';

const MOST_BYTES = 16 * 1024;

export interface PingbackRoutesNeeds {
  limitSender: LimitSender;
  cameWith: CameWith;
  receive: Receive;
  receiveAt: ReceiveAt;
  urls: Pick<Urls, 'receipt'>;
  log: Logger;
}

/**
 * The Pingback door: POST /pingback. Every POST is answered with status 200 and XML-RPC, faults included, as
 * XML-RPC has it.
 */
export function pingbackRoutes({
  limitSender,
  cameWith,
  receive,
  receiveAt,
  urls,
  log,
}: PingbackRoutesNeeds): Router {
  const router = Router();
  const address = router.route('/pingback');

  const limited = limitSender('pingback', response => answer(response, refused('too-many')));
  address.post(limited, pingBody(MOST_BYTES), async (request, response) => {
    const call = readCall(bytesOf(request), request.headers['content-type']);
    if (typeof call === 'string') {
      await receive('unreadable', { topic: '', via: 'pingback', ...cameWith(request) });
      return answer(response, misread(call));
    }
    const { source, target } = call;
    const at = { target, via: 'pingback', ...cameWith(request) } as const;
    const taken = await receiveAt({ source, words: {} }, at);
    answer(response, answerTo(taken));
  });

  address.all((_request, response) => {
    response.status(405).set('Allow', 'POST').type('text/plain; charset=utf-8');
    response.send('This address takes Pingbacks: XML-RPC calls of pingback.ping, sent with POST.\n');
  });

  /** Reached by anything that goes wrong above. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    if (request.method !== 'POST' || response.headersSent) return next(error);
    if (isHangUp(error)) return;
    const refusal = refusalOfBody(error);
    if (!refusal) {
      log.error({ err: error }, 'the Pingback door broke');
      return answer(response, broken());
    }
    void receive(refusal, { topic: '', via: 'pingback', ...cameWith(request) });
    answer(response, refused(refusal));
  };
  router.use('/pingback', trouble);

  function answerTo(taken: TakenAt): string {
    if ('miss' in taken) return missed(taken.miss);
    return 'refusal' in taken ? refused(taken.refusal) : accepted(urls.receipt(taken.mention.id));
  }

  return router;
}

function answer(response: Response, xml: string): void {
  response.status(200).set('Content-Type', RESPONSE_TYPE).set('Cache-Control', 'no-store').send(xml);
}
