import { isMainThread, parentPort } from 'node:worker_threads';
import type { HopAnswer } from '../../server/verification/hop.ts';
import type { Look } from '../../server/verification/look.ts';
import { serveLooks } from '../../server/verification/serve-looks.ts';

/**
 * A looker thread for tests that does what the path of an address says, instead of fetching it: breaks in one
 * of the ways a thread can, waits for the guard, or answers with the status `200`.
 */
const breakingLook: Look = async ({ url }, { permit, reading }): Promise<HopAnswer> => {
  const { pathname, hostname } = new URL(url);
  const answer: HopAnswer = { kind: 'not-html', status: 200 };
  if (pathname === '/guarded') await permit(hostname, 80);
  if (pathname === '/waits') await new Promise(() => {});
  if (pathname === '/loops-unannounced') for (;;);
  if (pathname === '/exits-unannounced') process.exit(3);
  if (pathname === '/throws-unannounced') throw new Error('thrown while fetching');
  reading();
  if (pathname === '/loops') for (;;);
  if (pathname === '/exits') process.exit(3);
  if (pathname === '/throws') throw new Error('thrown while reading');
  if (pathname === '/eats-memory')
    for (const eaten: number[][] = []; ; ) eaten.push(new Array(10_000).fill(1));
  return answer;
};

if (!isMainThread && parentPort) serveLooks(parentPort, breakingLook);
