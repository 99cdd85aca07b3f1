import type { SQLInputValue } from 'node:sqlite';
import type { Collection, Collections, MentionRecord, Records } from '../records.ts';
import type { Parts } from './parts.ts';
import { type Row, TOPIC_COLUMNS, toMention, toRefusal, toTopic } from './rows.ts';

/** The columns by which each collection is walked: its primary key. */
const KEYS: Readonly<Record<Collection, readonly string[]>> = {
  topics: ['id'],
  mentions: ['id'],
  refusals: ['key', 'topic', 'reason', 'day'],
};

/** SQLite as plain records; the contract is the port's. */
export function createRecords({ db, write }: Pick<Parts, 'db' | 'write'>): Records {
  const moving = db.prepare("SELECT value FROM meta WHERE name = 'moving'");

  const toRecord: { [Name in Collection]: (row: Row) => Collections[Name] } = {
    topics: toTopic,
    mentions: row => ({
      ...toMention(row),
      shownDoors: JSON.parse(String(row['shown_doors'])),
      pings: Number(row['pings']),
    }),
    refusals: toRefusal,
  };

  /** A row with these columns, in place of one with the same key. */
  function put(table: string, row: Record<string, SQLInputValue>): void {
    const columns = Object.keys(row);
    const marks = columns.map(() => '?').join(', ');
    db.prepare(`INSERT OR REPLACE INTO ${table} (${columns.join(', ')}) VALUES (${marks})`).run(
      ...Object.values(row),
    );
  }

  const putRecord: { [Name in Collection]: (record: Collections[Name]) => void } = {
    topics(topic) {
      const { id, formerSlugs, openedAt, changedAt, months, lastListedAt, ...same } = topic;
      put('topics', {
        id,
        ...same,
        opened_at: openedAt,
        changed_at: changedAt,
        months: JSON.stringify(months),
        last_listed_at: lastListedAt,
      });
      for (const slug of [topic.slug, ...formerSlugs]) put('topic_slugs', { slug, topic: id });
    },
    mentions: mention => put('mentions', mentionRow(mention)),
    refusals({ key, topicId, reason, day, count, last }) {
      put('refusals', { key, topic: topicId ?? '', reason, day, count, last });
    },
  };

  return {
    count: async collection => Number(db.prepare(`SELECT count(*) AS n FROM ${collection}`).get()?.['n']),
    async read(collection, after, limit) {
      const keys = KEYS[collection];
      const columns = collection === 'topics' ? TOPIC_COLUMNS : '*';
      const from: string[] = after === null ? [] : JSON.parse(after);
      const behind = after === null ? '' : `WHERE (${keys.join(', ')}) > (${keys.map(() => '?').join(', ')})`;
      const rows = db
        .prepare(`SELECT ${columns} FROM ${collection} t ${behind} ORDER BY ${keys.join(', ')} LIMIT ?`)
        .all(...from, limit);
      const last = rows.length === limit ? rows.at(-1) : undefined;
      return {
        records: rows.map(toRecord[collection]),
        next: last ? JSON.stringify(keys.map(key => last[key])) : null,
      };
    },
    write: (collection, records) => write(() => records.forEach(putRecord[collection])),
    setMoving: from =>
      write(() => {
        if (from === null) db.exec("DELETE FROM meta WHERE name = 'moving'");
        else put('meta', { name: 'moving', value: from });
      }),
    moving: async () => (moving.get()?.['value'] as string | undefined) ?? null,
  };
}

function mentionRow(mention: MentionRecord): Record<string, SQLInputValue> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value));
  return {
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
    shown_doors: JSON.stringify(mention.shownDoors),
    claim: JSON.stringify(mention.claim),
    said: mention.said,
    page: json(mention.page),
    shown: json(mention.shown),
    evidence: json(mention.evidence),
    pings: mention.pings,
    first_ping_at: mention.firstPingAt,
    last_ping_at: mention.lastPingAt,
    listed_at: mention.listedAt,
    due: mention.due,
    tries: mention.tries,
    attempts: mention.attempts,
    failing: json(mention.failing),
    rest: json(mention.rest),
    history: JSON.stringify(mention.history),
  };
}
