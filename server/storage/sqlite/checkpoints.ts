import { Worker } from 'node:worker_threads';
import type { CheckpointerData } from './checkpointer.ts';

/** About a second of a storm; a quiet hub never starts the thread. */
const COMMITS_APART = 100;

/** Has the log moved into the database file, every so many commits. */
export interface Checkpoints {
  /** To be told of every commit. */
  committed: () => void;
  stop: () => Promise<void>;
}

/**
 * Checkpoints in a thread of their own, because each waits for the disk twice, for longer than a reader should.
 * Should that thread break, the log becomes longer, until SQLite makes them itself with a commit.
 */
export function createCheckpoints(file: string): Checkpoints {
  let commits = 0;
  let underWay = false;
  let thread: Worker | null = null;
  let ended = false;

  function start(): Worker {
    const workerData: CheckpointerData = { purpose: 'checkpoints', file };
    const started = new Worker(new URL('checkpointer.ts', import.meta.url), { workerData, env: {} });
    started.unref();
    started.on('message', () => {
      underWay = false;
    });
    started.on('error', broke);
    return started;
  }

  function broke(error: Error): void {
    ended = true;
    process.emitWarning(`Checkpoints are made in the main thread from now on: ${error.message}`);
  }

  return {
    committed() {
      commits++;
      if (commits < COMMITS_APART || underWay || ended) return;
      commits = 0;
      underWay = true;
      try {
        thread ??= start();
        thread.postMessage('now');
      } catch (error) {
        // No more threads to be had; the commit is done all the same.
        broke(error as Error);
      }
    },
    async stop() {
      ended = true;
      await thread?.terminate();
    },
  };
}
