import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Blogs, openBlogs } from './blogs.ts';
import { chanceOf } from './chance.ts';
import { check } from './check.ts';
import { createDatabase, type Database } from './database.ts';
import { startEditors } from './editors.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { countFenced } from './logs.ts';
import { type Deeds, torment } from './nemesis.ts';
import type { SoakOptions } from './options.ts';
import { planSteps } from './plan.ts';
import { judged, type Report, trafficOf } from './report.ts';
import { comeToRest } from './rest.ts';
import { startSenders } from './senders.ts';
import { ownDatabase, type SoakStore, storeOf } from './store.ts';

const MINUTE_MS = 60_000;
/** A stall takes a minute; shorter runs have none. */
const MINUTES_FOR_STALLS = 3;

/** What a run works with. */
interface Scene {
  options: SoakOptions;
  folder: string;
  blogs: Blogs;
  fleet: Fleet;
  database: Database;
  store: SoakStore;
  ledger: Ledger;
  say: (line: string) => void;
  signal: AbortSignal;
}

/**
 * One run of the fault test, from an empty store to the report; its processes and folder are gone afterwards, and
 * its database, if it answers. Throws when it could not be carried out, and when `signal` ends it.
 */
export async function soak(
  options: SoakOptions,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'topichub-soak-'));
  const mongodbUri = options.mongodbUri && ownDatabase(options.mongodbUri);
  const database = createDatabase(options.databaseTool);
  const blogs = await openBlogs();
  const fleet = createFleet(folder, mongodbUri, blogs.pairs);
  const store = storeOf(join(folder, 'data'), mongodbUri);
  const ledger = createLedger(database.wentAway);
  // Should this process die of an error, the others must not stay.
  process.once('exit', fleet.kill);
  try {
    return await carryOut({ options, folder, blogs, fleet, database, store, ledger, say, signal });
  } finally {
    fleet.kill();
    blogs.close();
    if (!options.keep) rmSync(folder, { recursive: true, force: true });
    // What ended the run is to be told, not what could not be tidied up after it.
    await tidyUp({ database, store }).catch(({ message }) => say(`its database stays: ${message}`));
  }
}

async function tidyUp({ database, store }: Pick<Scene, 'database' | 'store'>): Promise<void> {
  await database.restore();
  await store.drop();
}

async function carryOut(scene: Scene): Promise<Report> {
  const { options, folder, blogs, fleet, store, ledger, say, signal } = scene;
  const { seed, senders: count } = options;
  const engine = options.mongodbUri ? 'MongoDB' : 'SQLite';
  say(`${engine}, seed ${seed}, folder ${folder}`);
  fleet.start();
  await fleet.listening(signal);
  const senders = startSenders({ count, seed, webs: fleet.webs, blogs: blogs.pairs, ledger });
  const editors = startEditors({ store, ledger, chance: chanceOf(seed + 1 + count) });
  signal.addEventListener('abort', senders.giveUp, { once: true });
  try {
    const begun = performance.now();
    const deeds = await breakThings(scene);
    const faultsMs = performance.now() - begun;
    await fleet.listening(signal);
    await senders.finish();
    await editors.finish();
    const { unrest, tookMs } = await comeToRest(store, say, signal);
    const storage = await store.open();
    const findings = await check(storage, ledger, blogs.askedAt).finally(() => storage.close());
    return judged({
      engine,
      seed,
      senders: count,
      loops: deeds.loops,
      deeds: Object.fromEntries([...deeds.byKind].sort()),
      tookSeconds: { faults: Math.round(faultsMs / 1_000), rest: Math.round(tookMs / 1_000) },
      traffic: trafficOf(ledger),
      findings,
      unrest,
      endedByThemselves: fleet.endedByThemselves,
      stoppedBadly: await fleet.stop(),
      fenced: await countFenced(folder),
    });
  } finally {
    senders.giveUp();
    await editors.finish();
  }
}

function breakThings({ options, fleet, database, ledger, say, signal }: Scene): Promise<Deeds> {
  const { seed, loops, minutes } = options;
  const plan = planSteps(chanceOf(seed), {
    names: fleet.members.map(one => one.name),
    workers: fleet.workers.map(one => one.name),
    stalls: (minutes ?? 0) >= MINUTES_FOR_STALLS,
    // Loops count deaths; a time is for everything that can happen in it.
    databaseFaults: loops === null ? database.faults : database.faults.filter(how => how === 'kill'),
  });
  return torment(
    plan,
    { loops, forMs: minutes === null ? null : minutes * MINUTE_MS },
    {
      fleet,
      database,
      databaseIsBack: ledger.databaseIsBack,
      step(number, words) {
        const { acknowledged, 'too-many': tooMany, refused, unanswered } = ledger.counts;
        const others = `${tooMany} too many, ${refused} refused, ${unanswered} unanswered`;
        const pings = `${acknowledged} pings taken, ${others}`;
        say(`${String(number).padStart(4)}${loops ? `/${loops}` : ''}  ${pings}  ${words}`);
      },
      signal,
    },
  );
}
