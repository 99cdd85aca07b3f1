import type { DatabaseSync } from 'node:sqlite';
import type { Topic } from '../../topics/topic.ts';
import type { NewTopic, Topics } from '../../topics/topics.ts';
import { newId } from '../new-id.ts';
import type { Parts } from './parts.ts';
import { type Row, TOPIC_COLUMNS, toTopic } from './rows.ts';

/** How many rows a transaction deletes at most, so that pings wait for none of it. */
const PIECE = 500;

/** Topics in SQLite; the contract is the port's. */
export function createTopics({ db, write, now, random }: Parts): Topics {
  const byId = db.prepare(`SELECT ${TOPIC_COLUMNS} FROM topics t WHERE id = ?`);
  const bySlug = db.prepare(
    `SELECT ${TOPIC_COLUMNS} FROM topic_slugs s JOIN topics t ON t.id = s.topic WHERE s.slug = ?`,
  );
  const all = db.prepare(`SELECT ${TOPIC_COLUMNS} FROM topics t ORDER BY title, id`);
  const holder = db.prepare('SELECT topic FROM topic_slugs WHERE slug = ?');
  const addSlug = db.prepare('INSERT OR IGNORE INTO topic_slugs (slug, topic) VALUES (?, ?)');
  const update = db.prepare(
    'UPDATE topics SET slug = ?, title = ?, definition = ?, version = version + 1, changed_at = ? WHERE id = ?',
  );
  const removePieces = [
    'DELETE FROM mentions WHERE rowid IN (SELECT rowid FROM mentions WHERE topic = ? LIMIT ?)',
    `DELETE FROM refusals WHERE (key, topic, reason, day) IN
       (SELECT key, topic, reason, day FROM refusals WHERE topic = ? LIMIT ?)`,
  ].map(sql => db.prepare(sql));

  const read = (row: Row | undefined): Topic | null => (row ? toTopic(row) : null);

  return {
    add: topic =>
      write(() => {
        if (holder.get(topic.slug)) return 'taken';
        return read(byId.get(insertTopic(db, topic, { now, random }))) as Topic;
      }),
    list: async () => all.all().map(toTopic),
    bySlug: async slug => read(bySlug.get(slug)),
    byId: async id => read(byId.get(id)),
    change: (id, to) =>
      write(() => {
        const topic = read(byId.get(id));
        if (!topic) return null;
        const next = { ...topic, ...to };
        const taken = holder.get(next.slug);
        if (taken && taken['topic'] !== id) return 'taken';
        addSlug.run(next.slug, id);
        update.run(next.slug, next.title, next.definition, now(), id);
        return read(byId.get(id));
      }),
    async remove(id) {
      while (!(await write(() => removeSome(id)))) {
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    },
  };

  function removeSome(id: string): boolean {
    if (removePieces.some(piece => piece.run(id, PIECE).changes === PIECE)) return false;
    db.prepare('DELETE FROM topic_slugs WHERE topic = ?').run(id);
    db.prepare('DELETE FROM topics WHERE id = ?').run(id);
    return true;
  }
}

/** Adds a topic inside a transaction of the caller's, who has seen that the slug is free; returns its id. */
export function insertTopic(
  db: DatabaseSync,
  topic: NewTopic,
  { now, random }: Pick<Parts, 'now' | 'random'>,
): string {
  const id = newId(random);
  db.prepare('INSERT INTO topic_slugs (slug, topic) VALUES (?, ?)').run(topic.slug, id);
  db.prepare(
    'INSERT INTO topics (id, slug, title, definition, version, changed_at, opened_at) VALUES (?, ?, ?, ?, 1, ?, ?)',
  ).run(id, topic.slug, topic.title, topic.definition, now(), now());
  return id;
}
