import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Mentions } from '../mentions/mentions.ts';
import { StoreAway } from '../storage/storage.ts';
import type { DryRun } from './dry-run.ts';
import type { Settled, Verifier } from './verifier.ts';
import type { FromVerifier, ToVerifier } from './verifier-messages.ts';
import type { PutOff } from './visit.ts';

export interface VerifierThreadNeeds {
  /** The thread's first file, and what it is started with. */
  entry: URL;
  workerData: unknown;
  /** To learn when the thread is first needed. */
  mentions: Pick<Mentions, 'nextDueIn'>;
  settled: Settled;
}

/** Pings that come together wake the thread once, because waking it costs as much as a fifth of a ping. */
const WAKE_MS = 10;
/** The longest that a timer can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A verifier in a thread of its own, with its own connection to the store, so that readers wait for none of the
 * store's work on looks. The thread is started when the first look is due, or wanted, because it takes memory. When it
 * ends without having been told to, whatever the cause, that is thrown where nobody catches it, as if it had happened
 * in this thread.
 */
export function createVerifierThread(needs: VerifierThreadNeeds): Verifier {
  const { entry, workerData, mentions, settled } = needs;
  const questions = new Map<number, PromiseWithResolvers<DryRun | PutOff>>();
  let thread: Worker | null = null;
  let running = false;
  let closing = false;
  let startedThere = false;
  let asked: { key: string; sender: string }[] = [];
  let lastQuestion = 0;
  let timer: NodeJS.Timeout | undefined;
  let waking: NodeJS.Timeout | undefined;
  let stopped: PromiseWithResolvers<void> | null = null;

  function startThread(): Worker {
    // Without the environment, because it needs nothing of it.
    const started = new Worker(entry, { workerData, env: {} });
    started.on('message', hear);
    started.on('error', error => {
      throw error;
    });
    started.on('exit', code => {
      if (!closing) throw new Error(`the thread that looks ended by itself with code ${code}`);
    });
    return started;
  }

  function tell(message: ToVerifier): void {
    thread ??= startThread();
    thread.postMessage(message);
  }

  function hear(message: FromVerifier): void {
    if (message.kind === 'settled') settled(message.saw, message.changed);
    else if (message.kind === 'stopped') stopped?.resolve();
    else {
      const question = questions.get(message.question);
      questions.delete(message.question);
      if (message.kind === 'tried') question?.resolve(message.found);
      else question?.reject(message.away ? new StoreAway(message.why) : new Error(message.why));
    }
  }

  /** The worker there, and the thread with it if need be. */
  function startThere(): void {
    if (startedThere) return;
    startedThere = true;
    tell({ kind: 'start' });
  }

  function wakeSoon(): void {
    if (!running || waking) return;
    waking = setTimeout(() => {
      waking = undefined;
      tell({ kind: 'wake', asked });
      asked = [];
      startThere();
    }, WAKE_MS);
  }

  async function startWhenDue(): Promise<void> {
    // A store that cannot say is the worker's to deal with.
    const dueIn = await mentions.nextDueIn().catch(() => 0);
    if (!running || dueIn === null) return;
    if (dueIn === 0) startThere();
    else timer = setTimeout(startWhenDue, Math.min(dueIn, LONGEST_TIMER_MS));
  }

  return {
    worker: {
      start() {
        running = true;
        void startWhenDue();
      },
      wake: wakeSoon,
      async stop() {
        running = false;
        clearTimeout(timer);
        clearTimeout(waking);
        waking = undefined;
        if (!startedThere) return;
        startedThere = false;
        stopped = Promise.withResolvers();
        tell({ kind: 'stop' });
        await stopped.promise;
      },
    },
    owed(key, sender) {
      if (sender !== null) asked.push({ key, sender });
      wakeSoon();
    },
    tryLook({ url }, topic, sender) {
      const question = ++lastQuestion;
      const answer = Promise.withResolvers<DryRun | PutOff>();
      questions.set(question, answer);
      tell({ kind: 'try', question, url, topic, sender });
      return answer.promise;
    },
    async close() {
      closing = true;
      if (!thread) return;
      const ended = once(thread, 'exit');
      tell({ kind: 'close' });
      await ended;
      for (const { reject } of questions.values()) reject(new StoreAway('the hub has stopped'));
    },
  };
}
