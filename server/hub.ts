import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { createApp, createHealthApp } from './app.ts';
import type { Config } from './config.ts';
import { ALL_TOPICS } from './feeds/choice.ts';
import { feedRoutes } from './feeds/routes.ts';
import { createHousekeeping } from './mentions/housekeeping.ts';
import { createPingLimit, type RateLimits } from './mentions/limit-pings.ts';
import { createReceive } from './mentions/receive.ts';
import { createReceiveAt } from './mentions/receive-at.ts';
import { keyOf } from './mentions/source-key.ts';
import { listEverything } from './moderation/judge.ts';
import { createPermit, type PermitNeeds } from './net/permit.ts';
import { pingbackRoutes } from './pingback/routes.ts';
import { receiptRoutes } from './receipts/routes.ts';
import { withDeadline, within } from './storage/deadline.ts';
import { newId, type Random } from './storage/new-id.ts';
import type { Storage } from './storage/storage.ts';
import { submitRoutes } from './submit/routes.ts';
import { rememberSlugs } from './topics/remember-slugs.ts';
import { topicRoutes } from './topics/routes.ts';
import { createReadTarget, createTopicAt, targetKeys } from './topics/targets.ts';
import type { Topic } from './topics/topic.ts';
import { trackbackRoutes } from './trackback/routes.ts';
import { createUrls } from './urls.ts';
import { createTryLook } from './verification/dry-run.ts';
import { createLookThreads } from './verification/look-threads.ts';
import type { Chance } from './verification/spread.ts';
import { createOpenVisit } from './verification/visit.ts';
import { createWhoAsked } from './verification/who-asked.ts';
import { createWorker } from './verification/worker.ts';
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

/** How long a door or a page waits for the store, and how long the worker does, who has time. */
const ANSWER_MS = 650;
const SETTLE_MS = 10_000;
/** All of a ping, because its sender waits for a second or two. */
const PING_MS = 700;
/** How soon a worker finds what another process took; alone, it is told. */
const SHARED_NAP_MS = 250;
const LONE_NAP_MS = 30_000;
const NO_LIMITS: RateLimits = { sender: [], site: [], pair: [], topic: [], queue: null };
const CHOSEN_FEEDS_BYTES = 8 * 1024 * 1024;

/** One alone reads slower than a connection brings pages; each is as nice as it can be to everyone else. */
const LOOKER_THREADS = 2;

const RENDERED_FROM = ['./', '../views/', '../public/'].map(path => new URL(path, import.meta.url));

/**
 * What the hub is built from. `baseUrl` is the public address, with the port that was really got. Its clock is the
 * store's, because what it stores and compares is read by every process on that store.
 */
export interface HubNeeds extends Omit<PermitNeeds, 'allow' | 'ports'> {
  config: Config;
  baseUrl: string;
  storage: Storage;
  random: Random;
  chance: Chance;
  log: Logger;
}

export type Hub = ReturnType<typeof createHub>;

/** Builds every room once and hands each what it needs. Nothing runs before `start`. */
export function createHub(needs: HubNeeds) {
  const { config, baseUrl, storage, random, chance, log } = needs;
  const { now } = storage;
  const { topics, mentions, refusals, visits } = withDeadline(storage, ANSWER_MS);
  const { siteName, contact, fetchAllow: allow, fetchPorts: ports } = config;
  const urls = createUrls(baseUrl);
  const sites = [urls, ...config.baseUrlAliases.map(createUrls)];
  const build = buildName(RENDERED_FROM, { siteName, contact, baseUrl });
  const views = createViews({ name: siteName, contact, build, urls });
  const cache = createPageCache({ build, now, always: SAFETY_HEADERS });
  // Of feeds that readers put together there is no end, so they have a small place of their own.
  const chosen = createPageCache({ build, now, always: SAFETY_HEADERS, mostBytes: CHOSEN_FEEDS_BYTES });
  const metrics = createMetrics(() => mentions.countDue());
  const rules = { ownKeys: sites.map(site => keyOf(new URL(site.home))), allow, ports };
  let stopping = false;

  const permit = createPermit({ ...needs, allow, ports });
  const threads = createLookThreads({
    threads: LOOKER_THREADS,
    broke: reason => log.warn({ err: reason }, 'a looker thread broke, and is replaced'),
    userAgent: `topichub (${siteName}; ${urls.home}; looking for the link of a ping)`,
  });
  const unhurried = withDeadline(storage, SETTLE_MS);
  const targetsOf = (topic: Topic, mentionId: string) => targetKeys(sites, topic, mentionId);
  const openVisit = createOpenVisit({ visits: unhurried.visits, hop: threads.hop, permit, allow });
  const senderToName: SenderOf = config.fetchNameSender ? senderOf : () => null;
  const whoAsked = createWhoAsked({ now });
  const worker = createWorker({
    mentions: unhurried.mentions,
    topics: unhurried.topics,
    longestNapMs: storage.shared ? SHARED_NAP_MS : LONE_NAP_MS,
    openVisit,
    visits: unhurried.visits,
    targetsOf,
    topicAt: createTopicAt({ sites, ...unhurried }),
    rules,
    whoAsked,
    judge: listEverything,
    chance,
    now,
    settled(mention, saw, visible) {
      if (saw) metrics.looked(saw);
      if (!visible) return;
      cache.forget(mention.topicId);
      cache.forget(ALL_TOPICS);
    },
    log,
  });
  const owed = (key: string, sender: string | null) => {
    // Other processes will look, and an address is not passed on through the store.
    if (config.role !== 'web') whoAsked.remember(key, sender);
    worker.wake();
  };
  const housekeeping = createHousekeeping({ refusals: storage.refusals, mentions: storage.mentions, log });
  const rates = config.rateLimits ?? NO_LIMITS;
  const { limits } = storage;
  const limitSender = createSenderLimit({ limits, rates: rates.sender, counted: metrics.pinged, log });
  const tooMany = createTooMany({ views, now });
  const receive = createReceive({
    topics: rememberSlugs(topics, now),
    mentions,
    refusals,
    rules,
    limit: createPingLimit({ rates, limits, mentions, now }),
    taken: owed,
    counted: metrics.pinged,
    deadline: answer => within(answer, PING_MS, 'a ping'),
    log,
  });

  const receiveAt = createReceiveAt({
    receive,
    readTarget: createReadTarget({ sites, mentions, topics }),
    deadline: answer => within(answer, PING_MS, 'a ping'),
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
    trackback: trackbackRoutes({ limitSender, senderToName, receive, topics, mentions, views, urls, log }),
    pingback: pingbackRoutes({ limitSender, senderToName, receive, receiveAt, urls, log }),
    webmention: webmentionRoutes({ limitSender, senderToName, receive, receiveAt, urls, log }),
    feeds: feedRoutes({ topics, mentions, urls, siteName, views, cache, chosen, now }),
    receipts: receiptRoutes({
      limitSender,
      senderToName,
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
      senderToName,
      tooMany,
      receive,
      tryLook: createTryLook({
        openVisit: createOpenVisit({ visits, hop: threads.hop, permit, allow, once: true }),
        newToken: () => newId(random),
        targetsOf,
        topicAt: createTopicAt({ sites, topics, mentions }),
        rules,
        now,
      }),
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
      app(request, response);
    },
    urls,
    worker,
    start() {
      if (config.role === 'web') return;
      worker.start();
      housekeeping.start();
    },
    /** From now on `/readyz` says so, and nothing new is claimed; resolves when the looks under way are settled. */
    async stop() {
      stopping = true;
      housekeeping.stop();
      await worker.stop();
      await threads.close();
    },
  };
}
