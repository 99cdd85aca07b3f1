import { randomBytes } from 'node:crypto';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Config } from './config.ts';
import { createLog } from './log.ts';
import { listEverything } from './moderation/judge.ts';
import { createResolver, systemLookup } from './net/permit.ts';
import { isPublicAddress } from './net/public-address.ts';
import { type Places, readSites } from './sites.ts';
import { pooled } from './storage/new-id.ts';
import { openStorage } from './storage/open.ts';
import { serveVerifier } from './verification/serve-verifier.ts';
import { createVerifier } from './verification/verifier.ts';

/** What the thread that looks is started with. */
export interface WorkerThreadData {
  /** Tells this thread from others that import this file. */
  purpose: 'verifier';
  baseUrl: string;
  config: Places & Pick<Config, 'dataDir' | 'mongodbUri' | 'logLevel'>;
}

const data = workerData as Partial<WorkerThreadData> | null;

if (!isMainThread && parentPort && data?.purpose === 'verifier') {
  await begin(parentPort, data as WorkerThreadData);
}

/** Builds in this thread what `hub.ts` would build in the main one, on a connection of its own to the store. */
async function begin(
  port: NonNullable<typeof parentPort>,
  { baseUrl, config }: WorkerThreadData,
): Promise<void> {
  const random = pooled(randomBytes);
  const log = createLog(config.logLevel);
  const storage = await openStorage(config, { now: Date.now, random, as: 'worker' });
  const { sites, rules, userAgent } = readSites(baseUrl, config);
  serveVerifier(
    port,
    settled =>
      createVerifier({
        resolve: createResolver(),
        lookup: systemLookup,
        isPublic: isPublicAddress,
        storage,
        sites,
        rules,
        userAgent,
        judge: listEverything,
        random,
        chance: Math.random,
        settled,
        log,
      }),
    storage.close,
  );
}
