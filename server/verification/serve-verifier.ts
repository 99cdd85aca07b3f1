import type { MessagePort } from 'node:worker_threads';
import { StoreAway } from '../storage/storage.ts';
import type { Settled, Verifier } from './verifier.ts';
import type { FromVerifier, ToVerifier } from './verifier-messages.ts';

/**
 * The talk of a verifier's own thread with its hub. `create` is handed whom to tell of what is settled; `ended` lets go
 * of what the verifier stood on, before the thread ends.
 */
export function serveVerifier(
  port: MessagePort,
  create: (settled: Settled) => Verifier,
  ended: () => Promise<void>,
): void {
  const tell = (message: FromVerifier) => port.postMessage(message);
  const { worker, tryLook, close } = create((saw, changed) => tell({ kind: 'settled', saw, changed }));

  async function answer({
    question,
    url,
    topic,
    sender,
  }: Extract<ToVerifier, { kind: 'try' }>): Promise<void> {
    try {
      tell({ kind: 'tried', question, found: await tryLook({ url }, topic, sender) });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tell({ kind: 'not-tried', question, why, away: error instanceof StoreAway });
    }
  }

  async function end(): Promise<void> {
    await close();
    await ended();
    tell({ kind: 'closed' });
    port.close();
  }

  port.on('message', (message: ToVerifier) => {
    if (message.kind === 'start') worker.start();
    else if (message.kind === 'wake') worker.wake();
    else if (message.kind === 'try') void answer(message);
    else if (message.kind === 'stop') void worker.stop().then(() => tell({ kind: 'stopped' }));
    else void end();
  });
}
