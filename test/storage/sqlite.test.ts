import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it, type TestContext } from 'node:test';
import { createCheckpoints } from '../../server/storage/sqlite/checkpoints.ts';
import { FILE, openSqlite } from '../../server/storage/sqlite/open.ts';
import { MIGRATIONS, migrate, schemaVersion } from '../../server/storage/sqlite/schema.ts';
import { createWriter } from '../../server/storage/sqlite/writer.ts';
import { StoreError } from '../../server/storage/storage.ts';
import { STARTER_TOPICS, type Topic } from '../../server/topics/topic.ts';
import { aClock } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { aPing } from '../support/mentions.ts';
import { until } from '../support/until.ts';
import type { OpenStore } from './engine.ts';
import { limitsContract } from './limits.contract.ts';
import { mentionsContract } from './mentions.contract.ts';
import { recordsContract } from './records.contract.ts';
import { refusalsContract } from './refusals.contract.ts';
import { topicsContract } from './topics.contract.ts';
import { visitsContract } from './visits.contract.ts';

const needs = { now: aClock().now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };

const open: OpenStore = async (test, clock, over) => {
  const store = openSqlite(aFolder(test), { ...needs, ...over, now: clock.now });
  test.after(() => store.close());
  return store;
};

topicsContract('SQLite', open);
mentionsContract('SQLite', open);
refusalsContract('SQLite', open);
limitsContract('SQLite', open);
visitsContract('SQLite', open);
recordsContract('from SQLite to SQLite', open, open);

describe('an SQLite data folder', () => {
  it('gets its starter topics once, and keeps what the operator did with them', async test => {
    const folder = aFolder(test);
    const first = openSqlite(folder, needs);
    for (const topic of await first.topics.list()) await first.topics.remove(topic.id);
    await first.close();
    const second = openSqlite(folder, needs);
    assert.deepEqual(await second.topics.list(), []);
    await second.close();
  });

  it('belongs to one hub at a time, and commands work beside it', async test => {
    const folder = aFolder(test);
    const hub = openSqlite(folder, needs);
    test.after(() => hub.close());
    assert.throws(() => openSqlite(folder, needs), /Another topichub is already running/);
    const command = openSqlite(folder, { ...needs, as: 'command' });
    await command.topics.add({ slug: 'city-birds', title: 'Birds', definition: '' });
    assert.equal((await hub.topics.bySlug('city-birds'))?.title, 'Birds');
    await command.close();
  });

  it('is refused when a newer program wrote it', test => {
    const folder = aFolder(test);
    const db = new DatabaseSync(join(folder, 'topichub.sqlite'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    assert.throws(
      () => openSqlite(folder, needs),
      (error: Error) => {
        assert.ok(error instanceof StoreError);
        assert.match(error.message, /written by a newer topichub/);
        return true;
      },
    );
  });

  it('is refused in one sentence when it is no database, or no folder', test => {
    const folder = aFolder(test);
    writeFileSync(
      join(folder, 'topichub.sqlite'),
      'this is not a database, but it is long enough to look like one',
    );
    assert.throws(
      () => openSqlite(folder, needs),
      /The data folder .* cannot be used: file is not a database\.$/,
    );
    assert.throws(() => openSqlite(join(folder, 'topichub.sqlite'), needs), StoreError);
  });

  it('frees what a killed hub was looking at, attempts counted', async test => {
    const folder = aFolder(test);
    const killed = openSqlite(folder, { ...needs, as: 'command' });
    const topic = await killed.topics.bySlug('night-sky');
    assert.ok(topic);
    await killed.mentions.take(aPing(topic, 'blog.example/1'));
    await killed.mentions.claimDue({ forMs: 60_000, limit: 10 });
    await killed.close();
    const next = openSqlite(folder, needs);
    test.after(() => next.close());
    const [claim] = await next.mentions.claimDue({ forMs: 60_000, limit: 10 });
    assert.equal(claim?.mentions[0]?.attempts, 2);
  });

  it('opens for nothing else while a move into it is not done', async test => {
    const folder = aFolder(test);
    const store = openSqlite(folder, { ...needs, evenMoving: true });
    await store.records.setMoving('elsewhere');
    await store.close();
    assert.throws(() => openSqlite(folder, needs), /was broken off/);
  });

  it('cannot be made where there can be no folder', test => {
    const file = join(aFolder(test), 'file');
    writeFileSync(file, '');
    assert.throws(() => openSqlite(join(file, 'data'), needs), StoreError);
  });
});

describe('the SQLite schema', () => {
  it('takes the steps that were added since, one after the other', () => {
    const db = new DatabaseSync(':memory:');
    assert.equal(
      migrate(db, () => db.exec('CREATE TABLE made_once (x)')),
      true,
    );
    const next = [...MIGRATIONS, 'ALTER TABLE topics ADD COLUMN colour TEXT', 'CREATE TABLE more (x)'];
    assert.equal(
      migrate(db, () => assert.fail('it is not new'), next),
      true,
    );
    assert.equal(schemaVersion(db), next.length);
    db.exec('SELECT colour FROM topics; SELECT x FROM more');
  });

  it('stays as it was when a step fails', () => {
    const db = new DatabaseSync(':memory:');
    migrate(db, () => {});
    assert.throws(() => migrate(db, () => {}, [...MIGRATIONS, 'CREATE TABLE half (x)', 'NONSENSE']));
    assert.equal(schemaVersion(db), MIGRATIONS.length);
    assert.throws(() => db.exec('SELECT x FROM half'));
  });
});

describe('group commit', () => {
  function aTable(test: TestContext) {
    const db = new DatabaseSync(join(aFolder(test), 'x.sqlite'), { timeout: 0 });
    test.after(() => db.close());
    db.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (x INTEGER UNIQUE)');
    const insert = db.prepare('INSERT INTO t (x) VALUES (?)');
    const count = () => db.prepare('SELECT count(*) AS n FROM t').get()?.['n'];
    return { db, insert, count };
  }

  it('gives each caller the result of its own change', async test => {
    const { db, insert, count } = aTable(test);
    const write = createWriter(db);
    const results = await Promise.all([1, 2, 3].map(x => write(() => Number(insert.run(x).changes) * x)));
    assert.deepEqual(results, [1, 2, 3]);
    assert.equal(count(), 3);
  });

  it('lets a change that fails fail alone', async test => {
    const { db, insert, count } = aTable(test);
    const write = createWriter(db);
    const results = await Promise.allSettled([1, 2, 2, 3].map(x => write(() => insert.run(x))));
    assert.deepEqual(
      results.map(result => result.status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal(count(), 3);
  });

  it('a change that may wait goes with the next one that may not, and alone when none comes', async test => {
    const { db, insert, count } = aTable(test);
    const write = createWriter(db);
    const patient = write(() => insert.run(1), 3_600_000);
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(count(), 0);
    await Promise.all([write(() => insert.run(2)), patient]);
    assert.equal(count(), 2);
    await write(() => insert.run(3), 1);
    assert.equal(count(), 3);
  });

  it('is synced for whoever waits; what nobody waits for survives the process only', async test => {
    const { db } = aTable(test);
    const write = createWriter(db);
    const [NORMAL, FULL] = [1, 2];
    const synced = () => db.prepare('PRAGMA synchronous').get()?.['synchronous'];
    assert.equal(await write(synced), FULL);
    assert.equal(await write(synced, 1), NORMAL);
    assert.deepEqual(await Promise.all([write(synced, 1), write(synced)]), [FULL, FULL]);
    assert.equal(await write(synced, 1), NORMAL);
    assert.equal(await write(synced), FULL);
  });

  it('waits for another process without holding this one, and says so when that takes too long', async test => {
    const { db, insert, count } = aTable(test);
    const clock = aClock();
    const write = createWriter(db, { now: clock.now });
    const rival = new DatabaseSync(db.location() as string);
    test.after(() => rival.close());
    rival.exec('BEGIN IMMEDIATE');
    const patient = write(() => insert.run(1));
    await new Promise(resolve => setImmediate(resolve));
    rival.exec('COMMIT');
    await patient;
    assert.equal(count(), 1);
    rival.exec('BEGIN IMMEDIATE');
    const late = write(() => insert.run(2));
    clock.advance(1_000);
    await assert.rejects(late, /locked by another connection/);
    rival.exec('COMMIT');
    assert.equal(count(), 1);
  });

  it('tells everyone when the disk is full, and nothing of it is there', async test => {
    const { db, count } = aTable(test);
    db.exec('CREATE TABLE big (x TEXT)');
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    db.exec(`PRAGMA max_page_count = ${pages}`);
    const insert = db.prepare('INSERT INTO big (x) VALUES (?)');
    const write = createWriter(db);
    const results = await Promise.allSettled([1, 2].map(() => write(() => insert.run('x'.repeat(100_000)))));
    assert.deepEqual(
      results.map(result => result.status),
      ['rejected', 'rejected'],
    );
    assert.equal(count(), 0);
    assert.equal(db.prepare('SELECT count(*) AS n FROM big').get()?.['n'], 0);
  });
});

describe('checkpoints', () => {
  it('are made beside the writer, long before it makes one itself', async test => {
    const folder = aFolder(test);
    const store = openSqlite(folder, needs);
    test.after(() => store.close());
    const topic = (await store.topics.bySlug('night-sky')) as Topic;
    // What a commit writes is in the log alone, until a checkpoint.
    const size = () => statSync(join(folder, FILE)).size;
    const before = size();
    for (let n = 0; n < 120; n++) await store.mentions.take(aPing(topic, `https://blog.example/${n}`));
    await until(() => size() > before, 'the file to grow');
  });

  it('that can not be made cost a warning, not the hub', async test => {
    const warned = once(process, 'warning');
    const checkpoints = createCheckpoints(join(aFolder(test), 'no', 'such', 'file'));
    test.after(checkpoints.stop);
    for (let n = 0; n < 100; n++) checkpoints.committed();
    const [warning] = await warned;
    assert.match(String(warning), /in the main thread from now on: unable to open/);
  });
});
