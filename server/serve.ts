import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createHub, type Hub, type HubNeeds } from './hub.ts';
import { createResolver, systemLookup } from './net/permit.ts';
import { isPublicAddress } from './net/public-address.ts';
import { pooled } from './storage/new-id.ts';
import { openStorage } from './storage/open.ts';
import type { MongodbOverrides, Storage } from './storage/storage.ts';
import { answerWith, createInbound, INBOUND } from './web/inbound.ts';

/** How long requests in flight may take once the process has been told to stop. */
const LAST_ANSWERS_MS = 10_000;

/** A hub that listens. */
export interface Serving {
  hub: Hub;
  storage: Storage;
  /** Where it listens, as an address to open: `http://localhost:3000`. */
  address: string;
  /** Answers what is in flight, settles what is being looked at, closes the store. */
  stop: () => Promise<void>;
}

/** What tests put in the place of the real clock, chance, network and rule of what is public. */
export type World = Partial<Pick<HubNeeds, 'chance' | 'resolve' | 'lookup' | 'isPublic'>> & {
  now?: () => number;
  random?: (length: number) => Uint8Array;
  onMongodb?: MongodbOverrides;
};

/**
 * Opens the store, listens, and only then builds the hub, because its addresses hold the port that was
 * really got. Throws a `StoreError`, or Node's error of `listen`, with nothing left open.
 */
export async function serve(config: Config, log: Logger, world?: World): Promise<Serving> {
  const {
    now = Date.now,
    chance = Math.random,
    random = pooled(randomBytes),
    onMongodb,
    ...outside
  } = world ?? {};
  const storage = await openStorage(config, { now, random, as: 'owner' }, onMongodb);
  const server = createInbound(INBOUND);

  try {
    await listen(server, config);
  } catch (error) {
    await storage.close();
    throw error;
  }
  const address = addressOf(config.host, (server.address() as AddressInfo).port);
  const hub = createHub({
    resolve: createResolver(),
    lookup: systemLookup,
    isPublic: isPublicAddress,
    ...outside,
    config,
    baseUrl: config.baseUrl ?? address,
    storage,
    random,
    chance,
    log,
    // What stands in the place of the real world can't be handed to another thread, and who asks is told to none.
    ownThread: world === undefined && !storage.shared && !config.fetchNameSender,
  });
  // In the same turn as the listening event, so that no request can come before.
  answerWith(server, hub.handle);
  hub.start();

  return {
    hub,
    storage,
    address,
    async stop() {
      // Told first, so that a balancer looks elsewhere while requests are still answered.
      const settled = hub.stop();
      await Promise.all([closeServer(server), settled]);
      await storage.close();
    },
  };
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

function addressOf(host: string, port: number): string {
  const local = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(host);
  const name = local ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
