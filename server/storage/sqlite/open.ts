import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { memoryLimits } from '../memory-limits.ts';
import { memoryVisits } from '../memory-visits.ts';
import { HALF_MOVED, type OpenNeeds, type Storage, StoreError } from '../storage.ts';
import { createCheckpoints } from './checkpoints.ts';
import { createMentions } from './mentions.ts';
import { createRecords } from './records.ts';
import { createRefusals } from './refusals.ts';
import { migrate } from './schema.ts';
import { createTopics, insertTopic } from './topics.ts';
import { createWriter } from './writer.ts';

/** The store's file in its data folder. */
export const FILE = 'topichub.sqlite';
const LOCK_FILE = 'topichub.lock';

/**
 * Pages (16 MiB) after which the owner's writer makes a checkpoint itself, of the little that its thread has left. Its
 * worker makes them in its own commits, after SQLite's 1,000 pages, where nobody waits.
 */
const LONGEST_LOG = 4_000;

/** A command may wait for the hub's transactions; in the hub nothing may sleep, so its writer tries again by itself. */
const OPENING_TIMEOUT_MS = 5_000;
const RUNNING_TIMEOUT_MS = 0;

/**
 * Opens the SQLite file in a data folder, made if it is not there. The owner takes the folder for its process alone;
 * its worker and commands open it beside the owner.
 */
export function openSqlite(dataDir: string, needs: OpenNeeds): Storage {
  const owns = needs.as === 'owner';
  const lock = owns ? lockFolder(dataDir) : null;
  const db = openFile(dataDir, needs);
  db.exec(`PRAGMA busy_timeout = ${needs.as === 'command' ? OPENING_TIMEOUT_MS : RUNNING_TIMEOUT_MS}`);
  const checkpoints = owns ? createCheckpoints(join(dataDir, FILE)) : null;
  const parts = { db, write: createWriter(db, { ...checkpoints }), now: needs.now, random: needs.random };
  const records = createRecords(parts);
  const probe = db.prepare('SELECT count(*) FROM topics');
  return {
    topics: createTopics(parts),
    mentions: createMentions(parts),
    refusals: createRefusals(parts),
    // One process owns the file, so what it counts need not outlive it.
    limits: memoryLimits,
    visits: memoryVisits(needs.now),
    records,
    shared: false,
    patienceMs: () => Number.POSITIVE_INFINITY,
    now: needs.now,
    async ping() {
      probe.get();
    },
    async close() {
      // Whatever was being written goes first.
      await parts.write(() => {});
      await checkpoints?.stop();
      db.close();
      lock?.close();
    },
  };
}

/**
 * One process owns a data folder: it keeps a transaction open on a file of its own, which the
 * operating system ends with the process, however it dies.
 */
function lockFolder(dataDir: string): DatabaseSync {
  const lock = openDatabase(dataDir, LOCK_FILE, 0);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (/locked/.test(String(error))) {
      throw new StoreError(`Another topichub is already running on the data folder ${dataDir}.`);
    }
    throw cannotUse(dataDir, error);
  }
}

function openFile(dataDir: string, { now, random, starters, as, evenMoving }: OpenNeeds): DatabaseSync {
  // A worker whose hub has its store elsewhere by now must not begin a new one.
  const db = openDatabase(dataDir, FILE, OPENING_TIMEOUT_MS, as === 'worker');
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000');
    if (as === 'owner') db.exec(`PRAGMA wal_autocheckpoint = ${LONGEST_LOG}`);
    const known = migrate(db, () => {
      for (const topic of starters) insertTopic(db, topic, { now, random });
    });
    const whole = known && (evenMoving || !db.prepare("SELECT 1 FROM meta WHERE name = 'moving'").get());
    // Leases are a process' own; whoever held them here is gone.
    if (whole && as === 'owner')
      db.exec('UPDATE mentions SET lease_token = NULL, lease_until = NULL WHERE lease_token IS NOT NULL');
    if (whole) return db;
    if (known) throw new StoreError(HALF_MOVED);
  } catch (error) {
    db.close();
    throw error instanceof StoreError ? error : cannotUse(dataDir, error);
  }
  db.close();
  throw new StoreError(
    `The data folder ${dataDir} was written by a newer topichub. Start that version, or use another DATA_DIR.`,
  );
}

function openDatabase(dataDir: string, file: string, timeout: number, existing = false): DatabaseSync {
  try {
    const path = join(dataDir, file);
    if (existing) return new DatabaseSync(new URL(`${pathToFileURL(path)}?mode=rw`), { timeout });
    mkdirSync(dataDir, { recursive: true });
    return new DatabaseSync(path, { timeout });
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

function cannotUse(dataDir: string, error: unknown): StoreError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError(`The data folder ${dataDir} cannot be used: ${reason}.`, { cause: error });
}
