import { setPriority } from 'node:os';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { createFetchPage } from '../net/fetch-page.ts';
import { createLook } from './look.ts';
import { serveLooks } from './serve-looks.ts';

/** What a thread is started with. */
export interface LookerData {
  /** Tells this thread from others that import this file. */
  purpose: 'looks';
  userAgent: string;
}

const NICENESS = 19;

const data = workerData as Partial<LookerData> | null;

if (!isMainThread && parentPort && data?.purpose === 'looks') {
  const userAgent = data.userAgent ?? '';
  // Readers and pings first. On Linux this is about the calling thread; elsewhere it would be the whole process.
  if (process.platform === 'linux') setPriority(0, NICENESS);
  serveLooks(
    parentPort,
    createLook({ fetchPage: createFetchPage({ userAgent, now: Date.now }), now: Date.now }),
  );
}
