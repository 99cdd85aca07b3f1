import type { DatabaseSync } from 'node:sqlite';

/**
 * Each entry brings the schema one version further (`PRAGMA user_version`); entries are only ever
 * added. Which index serves which query is said beside it.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE topics (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    posts INTEGER NOT NULL DEFAULT 0,
    blogs INTEGER NOT NULL DEFAULT 0,
    months TEXT NOT NULL DEFAULT '{}',
    last_listed_at INTEGER
  ) STRICT;

  -- Every slug a topic has or had, so that none is given twice and old addresses keep leading there.
  CREATE TABLE topic_slugs (slug TEXT PRIMARY KEY, topic TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX topic_slugs_of ON topic_slugs (topic);

  CREATE TABLE mentions (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    key TEXT NOT NULL,
    source_url TEXT NOT NULL,
    final_url TEXT,
    listed_key TEXT,
    merged_into TEXT,
    site TEXT NOT NULL,
    status TEXT NOT NULL,
    doors TEXT NOT NULL,
    shown_doors TEXT NOT NULL DEFAULT '[]',
    claim TEXT NOT NULL,
    page TEXT,
    shown TEXT,
    pings INTEGER NOT NULL,
    first_ping_at INTEGER NOT NULL,
    last_ping_at INTEGER NOT NULL,
    listed_at INTEGER,
    due INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    failing TEXT,
    lease_token TEXT,
    lease_until INTEGER,
    history TEXT NOT NULL
  ) STRICT;
  -- One mention per post and topic; take, find.
  CREATE UNIQUE INDEX mentions_post ON mentions (topic, key);
  -- One listing per final address and topic; settle.
  CREATE UNIQUE INDEX mentions_listed_key ON mentions (topic, listed_key) WHERE listed_key IS NOT NULL;
  -- claimDue: the owed looks in their order, then all of one source.
  CREATE INDEX mentions_due ON mentions (due) WHERE due IS NOT NULL;
  CREATE INDEX mentions_source ON mentions (key);
  -- release, and the leases of a hub that was killed.
  CREATE INDEX mentions_lease ON mentions (lease_token) WHERE lease_token IS NOT NULL;
  -- What was merged into a listing.
  CREATE INDEX mentions_merged ON mentions (merged_into) WHERE merged_into IS NOT NULL;
  -- The public list, newest first, and whether a blog has another post in it.
  CREATE INDEX mentions_listed ON mentions (topic, listed_at, id) WHERE status = 'listed';
  CREATE INDEX mentions_blog ON mentions (topic, site) WHERE status = 'listed';
  -- What the operator's shell lists.
  CREATE INDEX mentions_by_ping ON mentions (topic, last_ping_at);

  -- An unknown topic is '', because a primary key holds no NULL.
  CREATE TABLE refusals (
    key TEXT NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    day TEXT NOT NULL,
    count INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (key, topic, reason, day)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX refusals_day ON refusals (day);
  CREATE INDEX refusals_topic ON refusals (topic);

  -- What is known of the store itself.
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  // What the latest look met; read with the whole mention only.
  'ALTER TABLE mentions ADD COLUMN evidence TEXT',
  `
  -- ofPost and latest: what is listed under an address, in any topic.
  CREATE INDEX mentions_listed_as ON mentions (listed_key) WHERE listed_key IS NOT NULL;
  -- purge: what nobody waits for, by its last ping.
  CREATE INDEX mentions_at_rest ON mentions (last_ping_at) WHERE due IS NULL AND history <> '[]';
  `,
  // The latest ping word for word; read with the whole mention only.
  'ALTER TABLE mentions ADD COLUMN said TEXT',
  `
  ALTER TABLE mentions ADD COLUMN domain TEXT NOT NULL DEFAULT '';
  -- claimDue: the owed looks in their order, and enough of each to pass over a thousand of one domain.
  DROP INDEX mentions_due;
  CREATE INDEX mentions_due ON mentions (due, lease_until, domain, key) WHERE due IS NOT NULL;
  `,
  // Until when no look may be asked for after a failure.
  'ALTER TABLE mentions ADD COLUMN rest TEXT',
];

/** The version a store has, 0 for a new one. */
export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
}

/**
 * Brings an older store to the present schema, all steps in one transaction; `whenNew` runs in it
 * when the store was empty. Returns false, and changes nothing, when the store is newer than this program.
 */
export function migrate(db: DatabaseSync, whenNew: () => void, migrations = MIGRATIONS): boolean {
  if (schemaVersion(db) === migrations.length) return true;
  db.exec('BEGIN IMMEDIATE');
  try {
    // Asked again inside the transaction: another process may have been faster.
    const from = schemaVersion(db);
    for (const step of migrations.slice(from)) db.exec(step);
    if (from <= migrations.length) db.exec(`PRAGMA user_version = ${migrations.length}`);
    if (from === 0) whenNew();
    db.exec('COMMIT');
    return from <= migrations.length;
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
