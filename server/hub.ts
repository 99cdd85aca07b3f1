import type { IncomingMessage, ServerResponse } from 'node:http';
import { createApp, createHealthApp } from './app.ts';
import type { Config } from './config.ts';
import { ALL_TOPICS } from './feeds/choice.ts';
import { feedRoutes } from './feeds/routes.ts';
import { createHousekeeping } from './mentions/housekeeping.ts';
import { createPingLimit, type RateLimits } from './mentions/limit-pings.ts';
import { createReceive, type Deadline } from './mentions/receive.ts';
import { createReceiveAt } from './mentions/receive-at.ts';
import { listEverything } from './moderation/judge.ts';
import { pingbackRoutes } from './pingback/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { readSites } from './sites.ts';
import { ANSWER_MS, SILENT_MS, withDeadline, within } from './storage/deadline.ts';
import { submitRoutes } from './submit/routes.ts';
import { rememberSlugs } from './topics/remember-slugs.ts';
import { topicRoutes } from './topics/routes.ts';
import { createReadTarget } from './topics/targets.ts';
import { trackbackRoutes } from './trackback/routes.ts';
import { createVerifier, type Settled, type VerifierNeeds } from './verification/verifier.ts';
import { createVerifierThread } from './verification/verifier-thread.ts';
import { createArrivals } from './web/arrivals.ts';
import { buildName } from './web/build.ts';
import { broken, notFound } from './web/errors.ts';
import { SAFETY_HEADERS } from './web/headers.ts';
import { healthRoutes } from './web/health.ts';
import { createMetrics } from './web/metrics.ts';
import { createPageCache } from './web/page-cache.ts';
import { createSenderLimit } from './web/rate-limit.ts';
import { type SenderOf, senderOf } from './web/sender.ts';
import { createTooMany } from './web/too-many-page.ts';
import { createViews } from './web/views.ts';
import { webmentionRoutes } from './webmention/routes.ts';
import type { WorkerThreadData } from './worker-thread.ts';

const NO_LIMITS: RateLimits = { sender: [], site: [], pair: [], topic: [], queue: null };
const CHOSEN_FEEDS_BYTES = 8 * 1024 * 1024;

const WORKER_THREAD = new URL('worker-thread.ts', import.meta.url);
const RENDERED_FROM = ['./', '../views/', '../public/'].map(path => new URL(path, import.meta.url));

/**
 * What the hub is built from. `baseUrl` is the public address, with the port that was really got. Its clock is the
 * store's, because what it stores and compares is read by every process on that store.
 */
export interface HubNeeds extends Omit<VerifierNeeds, 'sites' | 'rules' | 'userAgent' | 'judge' | 'settled'> {
  config: Config;
  baseUrl: string;
  /** Whether looks have a thread of their own, with its own connection to the store and the network as it is. */
  ownThread: boolean;
}

export type Hub = ReturnType<typeof createHub>;

/** Builds every room once and hands each what it needs. Nothing runs before `start`. */
export function createHub(needs: HubNeeds) {
  const { config, baseUrl, storage, ownThread, log } = needs;
  const { now } = storage;
  const { topics, mentions, refusals } = withDeadline(storage, ANSWER_MS, SILENT_MS);
  const { siteName, contact } = config;
  const { urls, sites, rules, userAgent } = readSites(baseUrl, config);
  const build = buildName(RENDERED_FROM, { siteName, contact, baseUrl });
  const views = createViews({ name: siteName, contact, build, urls });
  const cache = createPageCache({ build, now, always: SAFETY_HEADERS });
  // Of feeds that readers put together there is no end, so they have a small place of their own.
  const chosen = createPageCache({ build, now, always: SAFETY_HEADERS, mostBytes: CHOSEN_FEEDS_BYTES });
  const metrics = createMetrics(() => mentions.countDue());
  let stopping = false;

  const senderToName: SenderOf = config.fetchNameSender ? senderOf : () => null;
  const { note, cameWith } = createArrivals(senderToName, () => performance.now());
  const settled: Settled = (saw, changed) => {
    if (saw) metrics.looked(saw);
    if (changed === null) return;
    cache.forget(changed);
    cache.forget(ALL_TOPICS);
  };
  const verifier = ownThread
    ? createVerifierThread({
        entry: WORKER_THREAD,
        workerData: threadData(config, baseUrl),
        mentions,
        settled,
      })
    : createVerifier({ ...needs, sites, rules, userAgent, judge: listEverything, settled });
  const owed = (key: string, sender: string | null) => {
    // Other processes will look, and an address is not passed on through the store.
    if (config.role !== 'web') verifier.owed(key, sender);
  };
  const housekeeping = createHousekeeping({ refusals: storage.refusals, mentions: storage.mentions, log });
  const rates = config.rateLimits ?? NO_LIMITS;
  const { limits } = storage;
  const limitSender = createSenderLimit({ limits, rates: rates.sender, counted: metrics.pinged, log });
  const tooMany = createTooMany({ views, now });
  const deadline: Deadline = (answer, until) =>
    within(answer, Math.max(0, until - performance.now()), 'a ping');
  const receive = createReceive({
    topics: rememberSlugs(topics, now),
    mentions,
    refusals,
    rules,
    limit: createPingLimit({ rates, limits, mentions, now }),
    taken: owed,
    counted: metrics.pinged,
    deadline,
    log,
  });
  const receiveAt = createReceiveAt({
    receive,
    readTarget: createReadTarget({ sites, mentions, topics }),
    deadline,
    log,
  });

  const health = healthRoutes({
    ping: () => storage.ping(),
    stopping: () => stopping,
    metrics,
    metricsToken: config.metricsToken,
    log,
  });
  const errors = { topics, views, urls, cache, log };
  const pages = createApp({
    basePath: urls.basePath,
    trustProxy: config.trustProxy,
    health,
    trackback: trackbackRoutes({ limitSender, cameWith, receive, topics, mentions, views, urls, log }),
    pingback: pingbackRoutes({ limitSender, cameWith, receive, receiveAt, urls, log }),
    webmention: webmentionRoutes({ limitSender, cameWith, receive, receiveAt, urls, log }),
    feeds: feedRoutes({ topics, mentions, urls, siteName, views, cache, chosen, now }),
    receipts: receiptRoutes({
      limitSender,
      cameWith,
      tooMany,
      mentions,
      refusals,
      topics,
      receive,
      rules,
      views,
      urls,
      sites,
      now,
      owed,
    }),
    submit: submitRoutes({
      limitSender,
      cameWith,
      tooMany,
      receive,
      tryLook: verifier.tryLook,
      topics,
      mentions,
      rules,
      views,
      urls,
      sites,
      siteName,
      now,
      log,
    }),
    topics: topicRoutes({ topics, mentions, views, urls, cache, now }),
    notFound: notFound(errors),
    broken: broken(errors),
  });

  const app = config.role === 'worker' ? createHealthApp(health) : pages;

  return {
    /** Answers a request: finished pages at once, everything else through the site map. */
    handle(request: IncomingMessage, response: ServerResponse): void {
      // A connection that is kept busy would otherwise keep the hub from stopping.
      if (stopping) response.shouldKeepAlive = false;
      try {
        if (cache.answer(request, response)) return;
      } catch (error) {
        log.error({ err: error }, 'a finished page could not be sent');
      }
      note(request);
      app(request, response);
    },
    urls,
    worker: verifier.worker,
    start() {
      if (config.role === 'web') return;
      verifier.worker.start();
      housekeeping.start();
    },
    /** From now on `/readyz` says so, and nothing new is claimed; resolves when the looks under way are settled. */
    async stop() {
      stopping = true;
      housekeeping.stop();
      await verifier.worker.stop();
      await verifier.close();
    },
  };
}

/** Only what can be handed to a thread. */
function threadData(config: Config, baseUrl: string): WorkerThreadData {
  const { dataDir, mongodbUri, logLevel, siteName, baseUrlAliases, fetchAllow, fetchPorts } = config;
  return {
    purpose: 'verifier',
    baseUrl,
    config: { dataDir, mongodbUri, logLevel, siteName, baseUrlAliases, fetchAllow, fetchPorts },
  };
}
