import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type Limits, limitOf, type Over, type Rate } from '../mentions/limits.ts';
import type { Door } from '../mentions/mention.ts';
import { networkOf, senderOf } from './sender.ts';

/** Says "too many" in the form of one door. */
export type TurnAway = (response: Response, over: Over, request: Request) => unknown;

/** Stands in front of a door, before anything of a body is read. */
export type LimitSender = (via: Door, turnAway: TurnAway) => RequestHandler;

export interface SenderLimitNeeds {
  limits: Limits;
  /** None: senders are not limited. */
  rates: readonly Rate[];
  counted: (via: Door, outcome: 'too-many') => void;
  log: Logger;
}

/**
 * What one sender may ask of all doors together: pings, forms, and looks at posts. Its address is not stored, and
 * not logged; of a flood the log has one line for each window.
 */
export function createSenderLimit({ limits, rates, counted, log }: SenderLimitNeeds): LimitSender {
  const limit = limitOf(limits, 'sender', rates);
  if (rates.length === 0) return () => (_request, _response, next) => next();

  return (via, turnAway) => async (request, response, next) => {
    const over = await limit(networkOf(senderOf(request)));
    if (!over) return next();
    counted(via, 'too-many');
    if (over.count === over.rate.most + 1) log.info({ via, rate: over.rate }, 'a sender is over its limit');
    await turnAway(response, over, request);
  };
}
