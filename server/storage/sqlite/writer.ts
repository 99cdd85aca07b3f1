import type { DatabaseSync } from 'node:sqlite';

/**
 * Runs changes of the store; resolves with a change's own result once it is on disk. A change nobody waits for
 * may wait itself, `patienceMs` at most, for others to share its commit with. It survives the death of the process
 * as they do, but when the machine dies, what was written last may have to be done anew.
 */
export type Write = <Result>(change: () => Result, patienceMs?: number) => Promise<Result>;

interface Waiting {
  change: () => unknown;
  patient: boolean;
  since: number;
  resolve: (result: unknown) => void;
  reject: (error: unknown) => void;
}

export interface WriterNeeds {
  /** Milliseconds that only grow. */
  now?: () => number;
  /** Told after every commit, also of one that failed. */
  committed?: () => void;
}

/** A commit costs one sync of the disk whatever it holds; more than this adds delay, not speed. */
const MOST_PER_COMMIT = 256;

/** How long changes wait for a transaction of another thread or process before their callers are told it failed. */
const MOST_WAIT_MS = 800;
const RETRY_MS = 3;

/**
 * Group commit: changes that arrive together share one transaction, so that taking a ping costs a
 * share of a disk sync. A change may run twice (when another one in its group failed), so it must
 * touch nothing but the database. When the disk is full or gone, everyone in the group is told.
 */
export function createWriter(
  db: DatabaseSync,
  { now = () => performance.now(), committed = () => {} }: WriterNeeds = {},
): Write {
  let waiting: Waiting[] = [];
  let nextFlush = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  const schedule = (delay = 0) => {
    const at = now() + delay;
    if (waiting.length === 0 || at >= nextFlush) return;
    nextFlush = at;
    clearTimeout(timer);
    if (delay > 0) timer = setTimeout(flush, delay);
    else setImmediate(flush);
  };

  function flush(): void {
    nextFlush = Number.POSITIVE_INFINITY;
    const group = waiting.slice(0, MOST_PER_COMMIT);
    waiting = waiting.slice(MOST_PER_COMMIT);
    const outcome = commit(group);
    if (outcome === 'busy') {
      const patient = group.filter(one => {
        const ok = now() - one.since < MOST_WAIT_MS;
        if (!ok) one.reject(new Error('the database is locked by another connection'));
        return ok;
      });
      waiting = [...patient, ...waiting];
      schedule(RETRY_MS);
      return;
    }
    committed();
    schedule();
  }

  function commit(group: Waiting[]): 'done' | 'busy' {
    try {
      const patient = group.every(one => one.patient);
      // Readers would wait for the disk as well.
      db.exec(`PRAGMA synchronous = ${patient ? 'NORMAL' : 'FULL'}; BEGIN IMMEDIATE`);
    } catch (error) {
      if (isBusy(error)) return 'busy';
      for (const one of group) one.reject(error);
      return 'done';
    }
    try {
      const results = group.map(one => one.change());
      db.exec('COMMIT');
      group.forEach((one, index) => {
        one.resolve(results[index]);
      });
    } catch (error) {
      rollBack();
      if (group.length === 1) group[0]?.reject(error);
      // One of them failed: each alone, so that the others do not fail with it.
      else for (const one of group) if (commit([one]) === 'busy') waiting.push(one);
    }
    return 'done';
  }

  /** A full disk may have rolled back by itself, and one that is gone may fail at this too. */
  function rollBack(): void {
    try {
      if (db.isTransaction) db.exec('ROLLBACK');
    } catch {
      // Those who wait are told by the error that led here.
    }
  }

  return (change, patienceMs = 0) =>
    new Promise((resolve, reject) => {
      const patient = patienceMs > 0;
      waiting.push({ change, patient, since: now(), resolve: resolve as (result: unknown) => void, reject });
      schedule(patienceMs);
    });
}

/** SQLITE_BUSY and SQLITE_LOCKED, with their extended codes. */
function isBusy(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  return (code & 0xff) === 5 || (code & 0xff) === 6;
}
