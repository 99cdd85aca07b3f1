import { setTimeout as pause } from 'node:timers/promises';
import type { Mentions } from '../../mentions/mentions.ts';
import type { Parts } from './parts.ts';

const DAY_MS = 86_400_000;
/** How many rows a transaction touches at most, so that pings wait for none of it. */
const PIECE = 500;

/** Every change leaves an event, so the last one says when a post last changed; a ping alone never comes later. */
const AT_REST = `due IS NULL AND history <> '[]' AND last_ping_at < :before
  AND coalesce(history ->> '$[#-1].last', history ->> '$[#-1].at') < :before`;

/** What is forgotten after a while; the contract is the port's. */
export function createPurge({ db, write, now }: Pick<Parts, 'db' | 'write' | 'now'>): Mentions['purge'] {
  const pieces = [
    `DELETE FROM mentions WHERE id IN (SELECT id FROM mentions WHERE ${AT_REST}
       AND listed_at IS NULL AND status NOT IN ('merged', 'removed') LIMIT :piece)`,
    // What is listed owes its next look, so none of these is.
    `UPDATE mentions SET history = '[]' WHERE id IN (SELECT id FROM mentions WHERE ${AT_REST} LIMIT :piece)`,
  ].map(sql => db.prepare(sql));

  return async olderThanDays => {
    const before = now() - olderThanDays * DAY_MS;
    let total = 0;
    for (const piece of pieces) {
      for (;;) {
        const { changes } = await write(() => piece.run({ before, piece: PIECE }));
        total += Number(changes);
        if (changes < PIECE) break;
        await pause(5);
      }
    }
    return total;
  };
}
