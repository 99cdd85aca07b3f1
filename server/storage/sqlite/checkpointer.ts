import { DatabaseSync } from 'node:sqlite';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface CheckpointerData {
  /** Tells this thread from others that import this file. */
  purpose: 'checkpoints';
  /** The store's file. */
  file: string;
}

const data = workerData as Partial<CheckpointerData> | null;

if (!isMainThread && parentPort && data?.purpose === 'checkpoints' && data.file) {
  const port = parentPort;
  const db = new DatabaseSync(data.file);
  port.on('message', () => {
    // Beside the writer, who waits for none of it.
    db.exec('PRAGMA wal_checkpoint(PASSIVE)');
    port.postMessage('done');
  });
}
