import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Permit } from '../net/permit.ts';
import { troubleOf } from '../net/trouble.ts';
import type { HopAnswer, HopRequest } from './hop.ts';
import type { LookerData } from './looker.ts';
import { threadEnv } from './thread-env.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

export interface ThreadNeeds {
  /** The guard of a job's connections. */
  permitOf: (job: number) => Permit;
  userAgent: string;
  /** How long one page may hold the processor, in milliseconds. */
  readingMs: number;
  resourceLimits: ResourceLimits;
  /** The thread's first file. */
  entry: URL;
}

export interface ThreadEvents {
  answered: (job: number, answer: HopAnswer) => void;
  reached: (job: number, address: string) => void;
  /** The thread is gone, for whatever reason, and answers nothing more. `culprit`: the job that it was at, if it had said. */
  broke: (culprit: number | null, reason: Error) => void;
}

export interface LookThread {
  send: (job: number, request: HopRequest) => void;
  /** Breaks the thread unless it shows a sign of life within `readingMs`. */
  prod: () => void;
  /** Ends it without a word to `broke`. */
  stop: () => Promise<void>;
}

/** Starts one looker thread and watches over it: one that is silent for too long is terminated. */
export function startLookThread(needs: ThreadNeeds, { answered, reached, broke }: ThreadEvents): LookThread {
  const { permitOf, userAgent, readingMs, resourceLimits, entry } = needs;
  const workerData: LookerData = { purpose: 'looks', userAgent };
  const worker = new Worker(entry, { workerData, resourceLimits, env: threadEnv() });
  const tell = (message: ToThread) => worker.postMessage(message);
  let busyWith: number | null = null;
  let watch: NodeJS.Timeout | undefined;
  let gone = false;

  function end(reason: Error): void {
    if (gone) return;
    gone = true;
    clearTimeout(watch);
    void worker.terminate();
    broke(busyWith, reason);
  }

  function watchOver(): void {
    clearTimeout(watch);
    const thisWatch = setTimeout(() => {
      // If it was this thread that stood still, the sign of life is waiting and comes before the next turn.
      setImmediate(() => {
        if (watch === thisWatch) end(new Error(`silent for ${readingMs} ms`));
      });
    }, readingMs);
    watch = thisWatch;
  }

  async function askPermit({
    job,
    question,
    host,
    port,
  }: Extract<FromThread, { kind: 'may-i' }>): Promise<void> {
    try {
      tell({ kind: 'permitted', question, addresses: await permitOf(job)(host, port) });
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble) tell({ kind: 'refused', question, trouble, message: (error as Error).message });
      else end(error as Error);
    }
  }

  worker.on('message', (message: FromThread) => {
    if (gone) return;
    clearTimeout(watch);
    watch = undefined;
    busyWith = null;
    if (message.kind === 'reading') {
      busyWith = message.job;
      watchOver();
    } else if (message.kind === 'fault') {
      busyWith = message.job;
      end(new Error(message.reason));
    } else if (message.kind === 'answer') answered(message.job, message.answer);
    else if (message.kind === 'may-i') void askPermit(message);
    else if (message.kind === 'reached') reached(message.job, message.address);
  });
  worker.on('error', end);
  worker.on('exit', code => end(new Error(`ended by itself with code ${code}`)));

  return {
    send: (job, request) => tell({ kind: 'hop', job, request }),
    prod() {
      tell({ kind: 'are-you-there' });
      watchOver();
    },
    async stop() {
      gone = true;
      clearTimeout(watch);
      await worker.terminate();
    },
  };
}
