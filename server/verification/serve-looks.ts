import type { MessagePort } from 'node:worker_threads';
import type { Permit } from '../net/permit.ts';
import { troubled } from '../net/trouble.ts';
import type { HopRequest } from './hop.ts';
import type { Look, LookTalk } from './look.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/**
 * A looker thread's side of the talk: does the hops it is sent, any number at once, and asks the worker's thread
 * for every connection. A look that ends in anything but an answer is a fault, and the end of the thread.
 */
export function serveLooks(port: MessagePort, look: Look): void {
  const tell = (message: FromThread) => port.postMessage(message);
  const questions = new Map<number, PromiseWithResolvers<string[]>>();
  let lastQuestion = 0;

  const askFor =
    (job: number): Permit =>
    (host, hostPort) => {
      const question = ++lastQuestion;
      const reply = Promise.withResolvers<string[]>();
      questions.set(question, reply);
      tell({ kind: 'may-i', job, question, host, port: hostPort });
      return reply.promise.finally(() => questions.delete(question));
    };

  async function doHop(job: number, request: HopRequest): Promise<void> {
    const talk: LookTalk = {
      permit: askFor(job),
      reached: address => tell({ kind: 'reached', job, address }),
      reading: () => tell({ kind: 'reading', job }),
    };
    try {
      tell({ kind: 'answer', job, answer: await look(request, talk) });
    } catch (fault) {
      tell({
        kind: 'fault',
        job,
        reason: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault),
      });
    }
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'hop') void doHop(message.job, message.request);
    else if (message.kind === 'are-you-there') tell({ kind: 'here' });
    else if (message.kind === 'permitted') questions.get(message.question)?.resolve(message.addresses);
    else questions.get(message.question)?.reject(troubled(message.trouble, message.message));
  });
}
