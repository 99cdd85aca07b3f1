import type { ResourceLimits } from 'node:worker_threads';
import type { Trouble } from '../mentions/mention.ts';
import type { Permit } from '../net/permit.ts';
import { troubled } from '../net/trouble.ts';
import type { HopAnswer, HopRequest } from './hop.ts';
import { type LookThread, startLookThread } from './look-thread.ts';

export interface LookThreadsNeeds {
  userAgent: string;
  threads?: number;
  resourceLimits?: ResourceLimits;
  /** How long one page may hold a thread's processor, in milliseconds. */
  readingMs?: number;
  /** Told of every thread that broke, and why. */
  broke?: (reason: Error) => void;
  /** For tests. */
  entry?: URL;
}

export type LookThreads = ReturnType<typeof createLookThreads>;

/** A hop that nobody has answered yet. */
interface Job {
  request: HopRequest;
  permit: Permit;
  reached: (address: string) => void;
  handedOn: number;
  settle: (answer: HopAnswer) => void;
}

/** A place for one thread, started when it is first needed and again after it broke. */
interface Seat {
  thread: LookThread | null;
  /** Also those that were answered as late, until the thread is done with them. */
  jobs: Set<number>;
}

/**
 * With the young generation that follows from the old one, every look takes twice as long; with its usual size of 16,
 * a page of 1 MiB takes 25 ms in place of 45, but the first one of a thread more than the 32 MiB that a look may.
 */
const MEMORY: ResourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 12 };
const MOST_HANDED_ON = 2;
/** What messages between the threads may take on a busy machine, beyond what fetching and reading may. */
const ON_THE_WAY_MS = 1_000;

/**
 * Does hops in worker threads, so that a hostile page costs a thread and never the hub. When a thread breaks,
 * the page it was reading is answered as `broke-reader` and the jobs beside it go to the next thread. When it
 * had not said what it was reading, each of them is a suspect, and goes on alone in a thread set aside for
 * that, where breaking it proves the point.
 */
export function createLookThreads(needs: LookThreadsNeeds) {
  const { userAgent, threads = 1, resourceLimits = MEMORY, readingMs = 2_000, broke } = needs;
  const entry = needs.entry ?? new URL('looker.ts', import.meta.url);
  const open = new Map<number, Job>();
  const seats = Array.from({ length: threads }, emptySeat);
  const alone = emptySeat();
  const suspects: number[] = [];
  let lastJob = 0;
  let closed = false;

  function hop(
    request: HopRequest,
    permit: Permit,
    reached: (address: string) => void = () => {},
  ): Promise<HopAnswer> {
    if (closed) return Promise.resolve(failed('timeout'));
    return new Promise(resolve => {
      const job = ++lastJob;
      const deadline = setTimeout(() => overdue(job), request.leftMs + readingMs + ON_THE_WAY_MS);
      open.set(job, {
        request,
        permit,
        reached,
        handedOn: 0,
        settle(answer) {
          clearTimeout(deadline);
          open.delete(job);
          resolve(answer);
        },
      });
      send(job, leastBusy());
    });
  }

  function send(job: number, seat: Seat): void {
    const request = open.get(job)?.request;
    if (!request) return;
    seat.thread ??= startLookThread(
      { permitOf, userAgent, readingMs, resourceLimits, entry },
      {
        answered: (done, answer) => answered(seat, done, answer),
        reached: (job, address) => open.get(job)?.reached(address),
        broke: (culprit, reason) => replace(seat, culprit, reason),
      },
    );
    seat.jobs.add(job);
    seat.thread.send(job, request);
  }

  function answered(seat: Seat, job: number, answer: HopAnswer): void {
    seat.jobs.delete(job);
    open.get(job)?.settle(answer);
    if (seat === alone) nextSuspect();
  }

  function replace(seat: Seat, culprit: number | null, reason: Error): void {
    const jobs = [...seat.jobs];
    seat.thread = null;
    seat.jobs.clear();
    broke?.(reason);
    for (const job of jobs) handOn(job, seat, culprit);
    nextSuspect();
  }

  function handOn(id: number, from: Seat, culprit: number | null): void {
    const job = open.get(id);
    if (!job) return;
    const guilty = id === culprit || from === alone;
    if (guilty || ++job.handedOn > MOST_HANDED_ON) job.settle(failed('broke-reader'));
    else if (culprit === null) suspects.push(id);
    else send(id, leastBusy());
  }

  function nextSuspect(): void {
    while (alone.jobs.size === 0 && suspects.length > 0) send(suspects.shift() as number, alone);
    if (alone.jobs.size > 0) return;
    void alone.thread?.stop();
    alone.thread = null;
  }

  /** Of a job that was answered meanwhile, the thread may still ask. */
  function permitOf(job: number): Permit {
    return open.get(job)?.permit ?? (() => Promise.reject(troubled('timeout', 'nobody waits any more')));
  }

  /** The thread has a deadline of its own, so a job that is late here may be in a thread that stands still. */
  function overdue(job: number): void {
    [...seats, alone].find(seat => seat.jobs.has(job))?.thread?.prod();
    open.get(job)?.settle(failed('timeout'));
  }

  function leastBusy(): Seat {
    return seats.reduce((best, seat) => (seat.jobs.size < best.jobs.size ? seat : best));
  }

  return {
    /**
     * Never rejects for what a page does; answers within `leftMs` and some three seconds. `permit` is asked in this
     * thread, for every connection of this hop, and `reached` told which of the addresses it went to.
     */
    hop,
    /** Ends every thread; what is still open is answered as `timeout`. */
    async close(): Promise<void> {
      closed = true;
      for (const job of [...open.values()]) job.settle(failed('timeout'));
      await Promise.all([...seats, alone].map(seat => seat.thread?.stop()));
    },
  };
}

function emptySeat(): Seat {
  return { thread: null, jobs: new Set() };
}

function failed(trouble: Trouble): HopAnswer {
  return { kind: 'failed', trouble };
}
