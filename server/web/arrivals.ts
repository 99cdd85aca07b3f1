import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Address } from '../mentions/receive.ts';
import type { SenderOf } from './sender.ts';

/** All of a ping from when it came, its limits included, because its sender waits for a second or two. */
const ANSWER_MS = 600;
/** What the store has of it in any case, for a body may come slowly. */
const STORE_MS = 300;

/** What a door says of a request beside the ping in it. */
export type CameWith = (request: Request) => Pick<Address, 'sender' | 'until'>;

/** Notes when each request came, for the doors, which owe an answer from then on. `now` is `performance.now`. */
export function createArrivals(
  senderToName: SenderOf,
  now: () => number,
): { note: (request: IncomingMessage) => void; cameWith: CameWith } {
  const cameAt = new WeakMap<IncomingMessage, number>();
  return {
    note(request) {
      cameAt.set(request, now());
    },
    cameWith(request) {
      const readAt = now();
      const until = Math.max((cameAt.get(request) ?? readAt) + ANSWER_MS, readAt + STORE_MS);
      return { sender: senderToName(request), until };
    },
  };
}
