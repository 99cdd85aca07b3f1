import { Worker } from 'node:worker_threads';
import type { Mentions } from '../mentions/mentions.ts';
import { StoreAway } from '../storage/storage.ts';
import type { DryRun } from './dry-run.ts';
import { threadEnv } from './thread-env.ts';
import { LONE_NAP_MS, type Settled, type Verifier } from './verifier.ts';
import type { FromVerifier, ToVerifier } from './verifier-messages.ts';
import type { PutOff } from './visit.ts';

export interface VerifierThreadNeeds {
  /** The thread's first file, and what it is started with. */
  entry: URL;
  workerData: unknown;
  /** To learn when the thread is first needed. */
  mentions: Pick<Mentions, 'nextDueIn'>;
  settled: Settled;
  /** The longest that it is not asked before the thread is there. */
  longestNapMs?: number;
}

/** Pings that come together wake the thread once, because waking it costs as much as a fifth of a ping. */
const WAKE_MS = 10;

/**
 * A verifier in a thread of its own, with its own connection to the store, so that readers wait for none of the
 * store's work on looks. The thread is started when the first look is due, or wanted, because it takes memory. When it
 * ends without having been told to, whatever the cause, that is thrown where nobody catches it, as if it had happened
 * in this thread. It is not told whom looks are owed to. Once stopped, it stays so.
 */
export function createVerifierThread(needs: VerifierThreadNeeds): Verifier {
  const { entry, workerData, mentions, settled, longestNapMs = LONE_NAP_MS } = needs;
  const questions = new Map<number, PromiseWithResolvers<DryRun | PutOff>>();
  const stopped = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let thread: Worker | null = null;
  let running = false;
  let closing = false;
  let startedThere = false;
  let lastQuestion = 0;
  let timer: NodeJS.Timeout | undefined;
  let waking: NodeJS.Timeout | undefined;

  function startThread(): Worker {
    const started = new Worker(entry, { workerData, env: threadEnv() });
    let reason: Error | null = null;
    started.on('message', hear);
    // Not thrown here: Node swallows that where it hands out an ended thread's last messages.
    started.on('error', error => {
      reason = error;
    });
    started.on('exit', code => {
      if (reason || !closing)
        throw reason ?? new Error(`the thread that looks ended by itself with code ${code}`);
    });
    return started;
  }

  function tell(message: ToVerifier): void {
    thread ??= startThread();
    thread.postMessage(message);
  }

  function hear(message: FromVerifier): void {
    if (message.kind === 'settled') settled(message.saw, message.changed);
    else if (message.kind === 'stopped') stopped.resolve();
    else if (message.kind === 'closed') closed.resolve();
    else {
      const question = questions.get(message.question);
      questions.delete(message.question);
      if (message.kind === 'tried') question?.resolve(message.found);
      else question?.reject(message.away ? new StoreAway(message.why) : new Error(message.why));
    }
  }

  /** The worker there, and the thread with it if need be. */
  function startThere(): void {
    clearTimeout(timer);
    startedThere = true;
    tell({ kind: 'start' });
  }

  async function startWhenDue(): Promise<void> {
    // A store that cannot say is the worker's to deal with.
    const dueIn = await mentions.nextDueIn().catch(() => 0);
    if (!running || startedThere) return;
    if (dueIn === 0) startThere();
    else timer = setTimeout(startWhenDue, Math.min(dueIn ?? longestNapMs, longestNapMs));
  }

  function wake(): void {
    if (!running || waking) return;
    waking = setTimeout(() => {
      waking = undefined;
      if (startedThere) tell({ kind: 'wake' });
      else startThere();
    }, WAKE_MS);
  }

  return {
    worker: {
      start() {
        running = true;
        void startWhenDue();
      },
      wake,
      async stop() {
        running = false;
        clearTimeout(timer);
        clearTimeout(waking);
        if (!startedThere) return;
        tell({ kind: 'stop' });
        await stopped.promise;
      },
    },
    owed: wake,
    tryLook({ url }, topic, sender) {
      if (closing) return Promise.reject(new StoreAway('the hub is stopping'));
      const question = ++lastQuestion;
      const answer = Promise.withResolvers<DryRun | PutOff>();
      questions.set(question, answer);
      tell({ kind: 'try', question, url, topic, sender });
      return answer.promise;
    },
    async close() {
      closing = true;
      if (!thread) return;
      tell({ kind: 'close' });
      await closed.promise;
      for (const { reject } of questions.values()) reject(new StoreAway('the hub has stopped'));
      // A name that it still looks up holds nobody.
      thread.unref();
    },
  };
}
