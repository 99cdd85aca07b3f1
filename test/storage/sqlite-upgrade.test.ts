import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import { FILE, openSqlite } from '../../server/storage/sqlite/open.ts';
import { MIGRATIONS, schemaVersion } from '../../server/storage/sqlite/schema.ts';
import { STARTER_TOPICS, type Topic } from '../../server/topics/topic.ts';
import { aClock, DAY, HOUR } from '../support/clock.ts';
import { aFolder } from '../support/folder.ts';
import { aPing, claimOf, linkedAt, metAt } from '../support/mentions.ts';

const KEY = 'blog.example/orion';

const TOPIC: Topic = {
  id: 't0p1c00001',
  slug: 'dark-sky',
  formerSlugs: ['night-sky'],
  title: 'Dark sky',
  definition: 'What is seen at night.',
  version: 7,
  changedAt: 5_000,
  openedAt: 1_000,
  posts: 1,
  blogs: 1,
  months: { '1970-01': 1 },
  lastListedAt: 4_000,
};

const MENTION: Mention = {
  id: 'm3nt10n001',
  topicId: TOPIC.id,
  key: KEY,
  sourceUrl: `http://${KEY}`,
  finalUrl: `https://${KEY}/`,
  listedKey: KEY,
  mergedInto: null,
  site: 'blog.example',
  status: 'listed',
  doors: [{ via: 'trackback', at: 3_000, last: 3_500 }],
  said: null,
  claim: { title: 'Orion', excerpt: 'Three stars.', blogName: 'Starlight' },
  page: {
    title: 'Orion in winter',
    excerpt: 'Three stars in a row.',
    blogName: 'Starlight',
    language: 'en',
    at: 4_000,
    author: 'Ana',
    published: 2_000,
  },
  shown: {
    title: 'Orion in winter',
    excerpt: 'Three stars in a row.',
    blogName: 'Starlight',
    language: 'en',
  },
  evidence: null,
  firstPingAt: 3_000,
  lastPingAt: 3_500,
  listedAt: 4_000,
  due: 4_000 + DAY,
  tries: 1,
  attempts: 0,
  failing: { times: 1, since: 4_500 },
  rest: null,
  history: [
    { at: 3_000, last: 3_500, count: 2, kind: 'pinged', via: 'trackback' },
    { at: 4_000, kind: 'looked', saw: 'linked' },
    { at: 4_000, kind: 'became', status: 'listed' },
  ],
};

const REFUSED = { key: KEY, topicId: null, reason: 'not-post', day: '1970-01-01', count: 3, last: 2_500 };

/** The version of the schema since which a mention holds what its latest look met. */
const EVIDENCE_SINCE = 2;

/** What a store of this version holds of the mention. */
function mentionOf(version: number): Mention {
  return { ...MENTION, evidence: version < EVIDENCE_SINCE ? null : { ...metAt(KEY), at: 2_000 } };
}

/** A data folder as the program of that version left it: a topic under its second slug, a listed post, a refusal. */
function leftBy(version: number, folder: string): void {
  const db = new DatabaseSync(join(folder, FILE));
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  db.exec(`PRAGMA user_version = ${version}`);
  insert(db, 'topics', {
    id: TOPIC.id,
    slug: TOPIC.slug,
    title: TOPIC.title,
    definition: TOPIC.definition,
    version: TOPIC.version,
    changed_at: TOPIC.changedAt,
    opened_at: TOPIC.openedAt,
    posts: TOPIC.posts,
    blogs: TOPIC.blogs,
    months: JSON.stringify(TOPIC.months),
    last_listed_at: TOPIC.lastListedAt,
  });
  for (const slug of [TOPIC.slug, ...TOPIC.formerSlugs]) insert(db, 'topic_slugs', { slug, topic: TOPIC.id });
  const { evidence, ...mention } = mentionOf(version);
  insert(db, 'mentions', {
    id: mention.id,
    topic: mention.topicId,
    key: mention.key,
    source_url: mention.sourceUrl,
    final_url: mention.finalUrl,
    listed_key: mention.listedKey,
    merged_into: mention.mergedInto,
    site: mention.site,
    status: mention.status,
    doors: JSON.stringify(mention.doors),
    shown_doors: '["trackback"]',
    claim: JSON.stringify(mention.claim),
    page: JSON.stringify(mention.page),
    shown: JSON.stringify(mention.shown),
    pings: 2,
    first_ping_at: mention.firstPingAt,
    last_ping_at: mention.lastPingAt,
    listed_at: mention.listedAt,
    due: mention.due,
    tries: mention.tries,
    attempts: mention.attempts,
    failing: JSON.stringify(mention.failing),
    lease_token: null,
    lease_until: null,
    history: JSON.stringify(mention.history),
    ...(version < EVIDENCE_SINCE ? {} : { evidence: JSON.stringify(evidence) }),
  });
  const { topicId: _unknown, ...refused } = REFUSED;
  insert(db, 'refusals', { ...refused, topic: '' });
  db.close();
}

function insert(db: DatabaseSync, table: string, row: Record<string, string | number | null>): void {
  const names = Object.keys(row);
  const places = names.map(() => '?').join(', ');
  db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`).run(...Object.values(row));
}

describe('an SQLite data folder of an older topichub', () => {
  for (let version = 1; version <= MIGRATIONS.length; version++) {
    it(`with schema ${version} holds all it held, and works on`, async test => {
      const folder = aFolder(test);
      leftBy(version, folder);
      const clock = aClock(6_000);
      const needs = { now: clock.now, random: randomBytes, starters: STARTER_TOPICS, as: 'owner' as const };
      const store = openSqlite(folder, needs);
      test.after(() => store.close());
      const { topics, mentions, refusals } = store;
      const mention = mentionOf(version);

      assert.deepEqual(await topics.list(), [TOPIC], 'and no starter topics again');
      assert.deepEqual(await topics.bySlug('dark-sky'), TOPIC);
      assert.deepEqual(await topics.bySlug('night-sky'), TOPIC);
      assert.deepEqual(await mentions.find(TOPIC.id, KEY), mention);
      assert.deepEqual(await mentions.byId(mention.id), mention);
      assert.deepEqual(await mentions.ofPost(KEY), [mention]);
      assert.deepEqual(await mentions.all(TOPIC.id, 10), [mention]);
      const listed = {
        id: mention.id,
        url: mention.finalUrl,
        listedKey: KEY,
        site: mention.site,
        shown: mention.shown,
        doors: ['trackback'],
        listedAt: mention.listedAt,
        author: 'Ana',
        published: 2_000,
      };
      assert.deepEqual(await mentions.listed(TOPIC.id, 10), [listed]);
      assert.deepEqual(await mentions.latest([TOPIC.id], 10), [{ ...listed, topicIds: [TOPIC.id] }]);
      assert.deepEqual(await refusals.ofKey(KEY), [REFUSED]);

      await refusals.note({ key: KEY, topicId: null, reason: 'not-post' });
      assert.deepEqual(await refusals.ofKey(KEY), [{ ...REFUSED, count: 4, last: 6_000 }]);
      await mentions.take(aPing(TOPIC, KEY));
      const claim = await claimOf(store, KEY);
      assert.ok(claim.mentions[0]);
      const met = metAt(KEY);
      const settled = await mentions.settle(
        claim.token,
        claim.mentions[0],
        linkedAt(KEY, { dueIn: HOUR, evidence: met }),
      );
      assert.equal(settled.result, 'settled');
      const after = await mentions.find(TOPIC.id, KEY);
      assert.deepEqual(
        [after?.evidence, after?.due, after?.listedAt],
        [{ ...met, at: clock.now() }, clock.now() + HOUR, MENTION.listedAt],
      );
      assert.deepEqual(after?.history.slice(0, MENTION.history.length), MENTION.history);

      const db = new DatabaseSync(join(folder, FILE));
      test.after(() => db.close());
      assert.equal(schemaVersion(db), MIGRATIONS.length);
    });
  }
});
