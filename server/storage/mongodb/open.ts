import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, createConnection, type Model } from 'mongoose';
import { newId } from '../new-id.ts';
import { HALF_MOVED, type MongodbOverrides, type OpenNeeds, type Storage, StoreError } from '../storage.ts';
import { type SharedClock, sharedClock } from './clock.ts';
import { createCounting } from './counting.ts';
import { createLimits } from './limits.ts';
import { createMentions } from './mentions.ts';
import { createModels, type Models } from './models.ts';
import type { Parts } from './parts.ts';
import { watchReach } from './reach.ts';
import { createRecords } from './records.ts';
import { createRefusals } from './refusals.ts';
import { createTopics, newTopicDoc } from './topics.ts';
import { tryAgain, wasAnswered } from './try-again.ts';
import { createVisits } from './visits.ts';

const SCHEMA_VERSION = 1;
/** How long a database may take to come up when the hub starts, and to be found once it runs. */
const STARTING_MS = 30_000;
const SELECTION_MS = 500;

/**
 * Opens a MongoDB database, with its collections, indexes and starter topics made if they are not
 * there. Any number of processes may open it. A database that comes up later than the hub, or goes away while
 * it is opened, is waited for; a wrong word in the URI is not. Throws a `StoreError` in one sentence.
 */
export async function openMongodb(
  uri: string,
  needs: OpenNeeds,
  overrides: MongodbOverrides = {},
): Promise<Storage> {
  const end = performance.now() + (overrides.startingMs ?? STARTING_MS);
  for (;;) {
    try {
      return await openNow(uri, needs, overrides);
    } catch (error) {
      if (!mayPass(error) || performance.now() > end) throw asStoreError(error);
      await pause(SELECTION_MS);
    }
  }
}

async function openNow(uri: string, needs: OpenNeeds, overrides: MongodbOverrides): Promise<Storage> {
  const connection = await connect(uri);
  let clock: SharedClock | undefined;
  try {
    const models = createModels(connection);
    await ensureIndexes(models);
    clock = await sharedClock(overrides.askTime ?? (() => serverTime(connection)), needs.now);
    const parts = { models, now: clock.now, random: needs.random };
    await ensureSchema(parts, needs);
    const counting = createCounting(parts);
    const records = createRecords(models, counting);
    if (!needs.evenMoving && (await records.moving()) !== null) throw new StoreError(HALF_MOVED);
    return {
      topics: createTopics(parts),
      mentions: createMentions(parts, counting),
      refusals: createRefusals(parts),
      limits: createLimits(connection, { ...parts, aheadMs: clock.aheadMs }, overrides.countMs),
      visits: createVisits(parts),
      records,
      shared: true,
      patienceMs: watchReach(connection, SELECTION_MS),
      now: clock.now,
      async ping() {
        await connection.db?.admin().ping();
      },
      async close() {
        clock?.stop();
        await connection.close();
      },
    };
  } catch (error) {
    clock?.stop();
    await connection.close();
    throw error;
  }
}

function connect(uri: string): Promise<Connection> {
  const named = /^[^/]*\/\/[^/]*\/[^?]+/.test(uri);
  return createConnection(uri, {
    ...(named ? {} : { dbName: 'topichub' }),
    appName: 'topichub',
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    serverSelectionTimeoutMS: SELECTION_MS,
    connectTimeoutMS: 3_000,
    // So soon is a server found that is back: while it is away, nobody asks and has the driver look.
    heartbeatFrequencyMS: SELECTION_MS,
    readPreference: 'primary',
    writeConcern: { w: 'majority', journal: true },
  }).asPromise();
}

async function serverTime(connection: Connection): Promise<number> {
  const hello = await connection.db?.admin().command({ hello: 1 });
  return (hello?.['localTime'] as Date).getTime();
}

/** Builds what is missing, and stops the start when a unique index still is: without it posts would double. */
async function ensureIndexes(models: Models): Promise<void> {
  for (const model of Object.values(models) as Model<unknown>[]) {
    await model.createCollection().catch(() => {});
    // Processes that start together build the same indexes, and may lose the race for one.
    const failure = await tryAgain(() => model.createIndexes()).then(
      () => null,
      (error: Error) => error,
    );
    const there = new Set((await model.collection.listIndexes().toArray()).map(index => index['name']));
    for (const [, options] of model.schema.indexes()) {
      if (there.has(options.name)) continue;
      if (failure && isAway(failure)) throw failure;
      throw new StoreError(
        `The index ${options.name} of the database is missing and could not be built${failure ? `: ${failure.message}` : ''}.`,
      );
    }
  }
}

/** The starter topics are made once, with the store; two processes that start together make one set. */
async function ensureSchema({ models, now, random }: Parts, { starters }: OpenNeeds): Promise<void> {
  const { meta, topics } = models;
  const known = await meta.findById('schema').lean();
  if (known?.version && known.version > SCHEMA_VERSION) {
    throw new StoreError(
      'The database was written by a newer topichub. Start that version, or use another MONGODB_URI.',
    );
  }
  if (known) return;
  for (const topic of starters) {
    if (await topics.exists({ slugs: topic.slug })) continue;
    await topics.insertMany([newTopicDoc(topic, newId(random), now())], { lean: true }).catch(async error => {
      if (!(await topics.exists({ slugs: topic.slug }))) throw error;
    });
  }
  await meta.updateOne({ _id: 'schema' }, { $set: { version: SCHEMA_VERSION } }, { upsert: true });
}

/** A server that is gone, or one that answers with a fault: it may be about to go, or to step down. */
const mayPass = (error: unknown): boolean => isAway(error) || (wasAnswered(error) && !refusesUs(error));

/** The server does not answer, or hung up; mongoose and the driver have several names for it. */
function isAway(error: unknown): boolean {
  return /ServerSelection|Network|PoolCleared|PoolClosed/.test((error as Error).name) && !refusesUs(error);
}

const refusesUs = (error: unknown): boolean =>
  /auth|not authorized|wire version/i.test((error as Error).message);

function asStoreError(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const { name, message } = error as Error;
  const setting = /Parse|InvalidArgument/.test(name) || /unable to parse/i.test(message);
  const what = setting
    ? 'MONGODB_URI is not a MongoDB address'
    : 'The database at MONGODB_URI cannot be used';
  return new StoreError(`${what}: ${message.split('\n')[0]?.replace(/\.$/, '')}.`, { cause: error, setting });
}
