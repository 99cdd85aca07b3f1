import { parentPort } from 'node:worker_threads';
import type { FromVerifier, ToVerifier } from '../../server/verification/verifier-messages.ts';

/** The first file of a thread that looks at nothing: it says what it was told, as if
 * that were the name of a topic; a preview of `/fails` does, because the store is away when somebody is to be named. */
parentPort?.on('message', (message: ToVerifier) => {
  const tell = (answer: FromVerifier) => parentPort?.postMessage(answer);
  tell({ kind: 'settled', saw: null, changed: JSON.stringify(message) });
  if (message.kind === 'stop') tell({ kind: 'stopped' });
  if (message.kind === 'try' && message.url.endsWith('/fails'))
    tell({ kind: 'not-tried', question: message.question, why: 'no reason', away: message.sender !== null });
  if (message.kind !== 'close') return;
  tell({ kind: 'closed' });
  parentPort?.close();
});
