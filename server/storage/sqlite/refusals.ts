import { MOST_OF_KEY, type Refusals } from '../../mentions/refusals.ts';
import type { Parts } from './parts.ts';
import { toRefusal } from './rows.ts';

const DAY_MS = 86_400_000;
const PIECE = 500;

/** Refusals in SQLite; the contract is the port's. */
export function createRefusals({ db, write, now }: Pick<Parts, 'db' | 'write' | 'now'>): Refusals {
  const count = db.prepare(
    `INSERT INTO refusals (key, topic, reason, day, count, last) VALUES (?, ?, ?, ?, 1, ?)
     ON CONFLICT DO UPDATE SET count = count + 1, last = excluded.last`,
  );
  const ofKey = db.prepare('SELECT * FROM refusals WHERE key = ? ORDER BY last DESC, reason LIMIT ?');
  const purgePiece = db.prepare(
    `DELETE FROM refusals WHERE (key, topic, reason, day) IN
       (SELECT key, topic, reason, day FROM refusals WHERE day < ? LIMIT ?)`,
  );
  const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

  return {
    async note({ key, topicId, reason }) {
      await write(() => count.run(key, topicId ?? '', reason, dayOf(now()), now()));
    },
    async ofKey(key) {
      return ofKey.all(key, MOST_OF_KEY).map(toRefusal);
    },
    async purge(olderThanDays) {
      const day = dayOf(now() - olderThanDays * DAY_MS);
      for (let total = 0; ; ) {
        const { changes } = await write(() => purgePiece.run(day, PIECE));
        total += Number(changes);
        if (changes < PIECE) return total;
        await new Promise(resolve => setTimeout(resolve, 5));
      }
    },
  };
}
