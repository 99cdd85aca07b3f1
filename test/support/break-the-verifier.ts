import { isMainThread, workerData } from 'node:worker_threads';

/** Preloaded into a hub's process (`--import`): an error comes up in the thread that looks, soon after it began. */
if (!isMainThread && (workerData as { purpose?: string } | null)?.purpose === 'verifier') {
  setTimeout(() => {
    throw new Error('nobody expected this');
  }, 50);
}
