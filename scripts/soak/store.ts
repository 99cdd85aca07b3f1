import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { openStorage } from '../../server/storage/open.ts';
import type { Storage } from '../../server/storage/storage.ts';

/** What is not yet at rest, as counts of mentions. */
export type Unrest = {
  /** Never looked at to an end. */
  pending: number;
  /** A look is owed by now. */
  overdue: number;
  /** Held under a lease. */
  leased: number;
  /** Listed or taken down, but not yet in the topic's counters (MongoDB only). */
  uncounted: number;
};

/** The store of a run, looked at from outside. */
export interface SoakStore {
  /** The product's own ports, opened beside the hub. Throws a `StoreError`. */
  open: () => Promise<Storage>;
  /** What the ports do not show. */
  unrest: () => Promise<Unrest>;
  /** Deletes what no folder holds. */
  drop: () => Promise<void>;
}

/** The store in the run's own folder, or in a database of its own on a MongoDB. */
export function storeOf(dataDir: string, mongodbUri: string | null): SoakStore {
  const open = () =>
    openStorage({ mongodbUri, dataDir }, { now: Date.now, random: randomBytes, as: 'command' });
  return mongodbUri ? { open, ...mongodb(mongodbUri) } : { open, ...sqlite(dataDir) };
}

/** A database of a random name on the server of a URI. */
export function ownDatabase(uri: string): string {
  return uri.replace(/^([^/]+\/\/[^/?]+)(?:\/[^?]*)?/, `$1/topichub_soak_${randomBytes(6).toString('hex')}`);
}

function sqlite(dataDir: string): Pick<SoakStore, 'unrest' | 'drop'> {
  return {
    async unrest() {
      const { DatabaseSync } = await import('node:sqlite');
      const db = new DatabaseSync(join(dataDir, 'topichub.sqlite'), { readOnly: true });
      try {
        const row = db
          .prepare(
            `SELECT count(*) FILTER (WHERE status = 'pending') AS pending,
               count(*) FILTER (WHERE due <= ?) AS overdue,
               count(*) FILTER (WHERE lease_token IS NOT NULL) AS leased FROM mentions`,
          )
          .get(Date.now());
        return { pending: 0, overdue: 0, leased: 0, ...row, uncounted: 0 };
      } finally {
        db.close();
      }
    },
    drop: async () => {},
  };
}

function mongodb(uri: string): Pick<SoakStore, 'unrest' | 'drop'> {
  const connect = async () => {
    const { createConnection } = await import('mongoose');
    return createConnection(uri, { serverSelectionTimeoutMS: 10_000 }).asPromise();
  };
  return {
    async unrest() {
      const connection = await connect();
      try {
        const mentions = connection.collection('mentions');
        const [pending, overdue, leased, uncounted] = await Promise.all([
          mentions.countDocuments({ status: 'pending' }),
          mentions.countDocuments({ due: { $lte: Date.now() } }),
          mentions.countDocuments({ leaseToken: { $ne: null } }),
          mentions.countDocuments({ 'uncounted.token': { $exists: true } }),
        ]);
        return { pending, overdue, leased, uncounted };
      } finally {
        await connection.close();
      }
    },
    async drop() {
      const connection = await connect();
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
