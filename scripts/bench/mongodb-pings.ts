import { randomBytes } from 'node:crypto';
import { createConnection } from 'mongoose';
import { openStorage } from '../../server/storage/open.ts';
import { type Bench, inTurn, type Measure } from './bench.ts';
import { figure } from './figures.ts';
import { load } from './load.ts';
import { pingRequests, TAKEN } from './pinging.ts';
import type { InsertsAsked, RawInserts } from './raw-inserts.ts';
import { runLoad } from './run.ts';

const PARALLEL = 32;
const PINGS_PER_RUN = 1_000;
const MOST_MS = 60_000;
/** Never fetched: a process that is `web` alone looks at nothing. */
const HOST = '127.0.0.1:9';

/** Pings taken with MongoDB, to the bare driver's inserts of the same documents on the same server. */
export const mongodbPings: Measure = async bench => {
  const { mongodbUri, stage, say } = bench;
  if (mongodbUri === null) {
    say('without MONGODB_URI nothing is measured on MongoDB');
    return [];
  }
  const uri = databaseOf(bench, mongodbUri);
  const env = { MONGODB_URI: uri, ROLE: 'web', FETCH_ALLOW: HOST };
  const hub = await stage.hub(stage.folder(), env);
  const ask = { port: hub.port, parallel: PARALLEL, expected: TAKEN, ms: MOST_MS };
  await load({ ...ask, request: pingRequests(HOST, 1_000_000), count: PARALLEL });
  const task: RawInserts = { uri: await emptyStore(bench, mongodbUri), doc: await aDocument(uri) };
  const raw = await stage.helper<null, InsertsAsked, { perSecond: number }>('raw-inserts.ts', task);

  const request = pingRequests(HOST);
  const pairs = await inTurn(
    bench,
    'pings on MongoDB',
    () => runLoad(hub.pid, { ...ask, request, count: PINGS_PER_RUN }),
    () => raw.ask({ inserts: PINGS_PER_RUN, parallel: PARALLEL }),
  );
  await Promise.all([hub.stop(), raw.stop()]);
  return [
    figure(
      'pings on MongoDB, to inserts of the bare driver',
      'ratio',
      pairs.map(([ours, bare]) => ours.perSecond / bare.perSecond),
      { atLeast: 0.4 },
    ),
    figure(
      'pings on MongoDB',
      '/s',
      pairs.map(([ours]) => ours.perSecond),
    ),
    figure(
      'inserts of the bare driver',
      '/s',
      pairs.map(([, bare]) => bare.perSecond),
    ),
  ];
};

/** A name for a database of this run, dropped after it. */
function databaseOf({ stage }: Pick<Bench, 'stage'>, server: string): string {
  const url = new URL(server.replace(/^mongodb/, 'http'));
  url.pathname = `/topichub_bench_${randomBytes(6).toString('hex')}`;
  const uri = url.href.replace(/^http/, 'mongodb');
  stage.atEnd(async () => {
    const connection = await createConnection(uri).asPromise();
    await connection.dropDatabase();
    await connection.close();
  });
  return uri;
}

/** A second database with the hub's collections and indexes, for the bare driver. */
async function emptyStore(bench: Pick<Bench, 'stage'>, server: string): Promise<string> {
  const uri = databaseOf(bench, server);
  const settings = { mongodbUri: uri, dataDir: '' };
  const store = await openStorage(settings, { now: Date.now, random: randomBytes, as: 'command' });
  await store.close();
  return uri;
}

async function aDocument(uri: string): Promise<RawInserts['doc']> {
  const connection = await createConnection(uri).asPromise();
  const doc = await connection.collection<RawInserts['doc']>('mentions').findOne();
  await connection.close();
  if (!doc) throw new Error('the hub wrote no document');
  // Its number goes, the bare driver gives its own.
  const without = (text: string) => text.replace(/\d+$/, '');
  return { ...doc, key: without(doc.key), sourceUrl: without(doc.sourceUrl) };
}
