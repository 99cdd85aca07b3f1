import { KEPT_MS } from '../../mentions/history.ts';
import type { Door, HistoryEvent } from '../../mentions/mention.ts';

/** An aggregation expression, as an update's pipeline holds it. */
type Expression = Record<string, unknown>;

const MOST_EVENTS = 50;

/**
 * What `mentions/doors.ts` and `mentions/history.ts` do, in the server's own words, so that pings of one post
 * through several processes are one atomic update each. The contract tests hold both to the same.
 */
export function doorsWith(doors: readonly Door[], at: number): Expression {
  return doors.reduce<Expression | string>(
    (known, via) => oneMoreDoor(known, via, at),
    '$doors',
  ) as Expression;
}

function oneMoreDoor(doors: Expression | string, via: Door, at: number): Expression {
  const again = { $mergeObjects: ['$$door', { last: at }] };
  return {
    $let: {
      vars: { doors },
      in: {
        $cond: [
          { $in: [via, '$$doors.via'] },
          {
            $map: {
              input: '$$doors',
              as: 'door',
              in: { $cond: [{ $eq: ['$$door.via', via] }, again, '$$door'] },
            },
          },
          { $concatArrays: ['$$doors', [{ via, at, last: at }]] },
        ],
      },
    },
  };
}

/** A history with these events behind it; see `doorsWith`. */
export function historyWith(events: readonly HistoryEvent[]): Expression {
  return events.reduce<Expression | string>(
    (history, event) => oneMore(history, event),
    '$history',
  ) as Expression;
}

function oneMore(history: Expression | string, event: HistoryEvent): Expression {
  const { at, last: _last, count = 1, ...said } = event;
  const same = ['kind', 'via', 'saw', 'status'].map(field => ({
    $eq: [{ $ifNull: [`$$last.${field}`, null] }, (said as Record<string, unknown>)[field] ?? null],
  }));
  const merged = {
    $mergeObjects: ['$$last', { last: at, count: { $add: [{ $ifNull: ['$$last.count', 1] }, count] } }],
  };
  const size = { $size: '$$history' };
  const allButLast = {
    $cond: [{ $gt: [size, 1] }, { $slice: ['$$history', { $max: [1, { $subtract: [size, 1] }] }] }, []],
  };
  const isYoung = { $gte: [{ $ifNull: ['$$one.last', '$$one.at'] }, at - KEPT_MS] };
  return {
    $let: {
      vars: { history: { $filter: { input: history, as: 'one', cond: isYoung } } },
      in: {
        $let: {
          vars: { last: { $arrayElemAt: ['$$history', -1] } },
          in: {
            $cond: [
              { $and: same },
              { $concatArrays: [allButLast, [merged]] },
              // A literal, so that no text of an event is taken for an expression.
              { $slice: [{ $concatArrays: ['$$history', [{ $literal: event }]] }, -MOST_EVENTS] },
            ],
          },
        },
      },
    },
  };
}
