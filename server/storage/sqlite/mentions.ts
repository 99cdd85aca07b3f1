import { withDoor } from '../../mentions/doors.ts';
import { withEvent } from '../../mentions/history.ts';
import type { Mention } from '../../mentions/mention.ts';
import {
  ALONG_MS,
  type Claim,
  type Lease,
  type Mentions,
  MOST_OF_POST,
  type TakenPing,
} from '../../mentions/mentions.ts';
import { newMention } from '../../mentions/new-mention.ts';
import { newId } from '../new-id.ts';
import { createLatest } from './latest.ts';
import type { Parts } from './parts.ts';
import { createPurge } from './purge.ts';
import { LISTED_COLUMNS, type Row, toClaimed, toListed, toMention } from './rows.ts';
import { createSettle } from './settle.ts';

/** Nobody waits for the worker, and each commit of its own would hold up a reader for a sync of the disk. */
const WORKER_PATIENCE_MS = 10;

/** Mentions in SQLite; the contract is the port's. */
export function createMentions(parts: Parts): Mentions {
  const { db, write, now, random } = parts;
  const find = db.prepare('SELECT * FROM mentions WHERE topic = ? AND key = ?');
  const byId = db.prepare('SELECT * FROM mentions WHERE id = ?');
  const ofPost = db.prepare(
    `WITH same AS (SELECT id, merged_into FROM mentions WHERE key = ?1 OR listed_key = ?1)
     SELECT * FROM mentions WHERE id IN (SELECT id FROM same UNION SELECT merged_into FROM same)
     ORDER BY last_ping_at DESC, id LIMIT ?2`,
  );
  const insert = db.prepare(
    `INSERT INTO mentions (id, topic, key, source_url, site, domain, status, doors, claim, said, pings,
       first_ping_at, last_ping_at, due, history)
     VALUES (:id, :topicId, :key, :sourceUrl, :site, :domain, :status, :doors, :claim, :said, 1, :at, :at, :at, :history)
     ON CONFLICT (topic, key) DO NOTHING`,
  );
  const repeat = db.prepare(
    `UPDATE mentions SET source_url = :sourceUrl, domain = :domain, doors = :doors, claim = :claim, said = :said, pings = pings + 1,
       last_ping_at = :at, due = :due, tries = :tries, history = :history
     WHERE id = :id RETURNING *`,
  );
  const dueKeys = db.prepare(
    `SELECT key, domain FROM mentions WHERE due <= :now AND (lease_until IS NULL OR lease_until <= :now)
       AND domain NOT IN (SELECT value FROM json_each(:passOver)) ORDER BY due`,
  );
  const lease = db.prepare(
    `UPDATE mentions SET lease_token = :token, lease_until = :until, attempts = attempts + 1
     WHERE key = :key AND due <= :soon AND (due <= :now OR status IN ('listed', 'withdrawn'))
       AND (lease_until IS NULL OR lease_until <= :now) RETURNING *`,
  );
  const restOf = db.prepare(
    `SELECT coalesce(max(rest ->> '$.allUntil'), 0) AS until FROM mentions WHERE key = ? AND rest IS NOT NULL`,
  );
  const release = db.prepare(
    'UPDATE mentions SET lease_token = NULL, lease_until = NULL, due = :due WHERE lease_token = :token',
  );
  const putOff = db.prepare(
    `UPDATE mentions SET lease_token = NULL, lease_until = NULL, due = :due, attempts = max(0, attempts - 1)
     WHERE lease_token = :token`,
  );
  const nextDue = db.prepare(
    `SELECT due FROM mentions WHERE due IS NOT NULL AND lease_until IS NULL
       AND domain NOT IN (SELECT value FROM json_each(?)) ORDER BY due LIMIT 1`,
  );
  const countDue = db.prepare('SELECT count(*) AS count FROM mentions WHERE due <= ?');
  const newest = db.prepare(
    `SELECT ${LISTED_COLUMNS} FROM mentions WHERE topic = ? AND status = 'listed'
     ORDER BY listed_at DESC, id DESC LIMIT ?`,
  );
  const older = db.prepare(
    `SELECT ${LISTED_COLUMNS} FROM mentions WHERE topic = ? AND status = 'listed'
       AND (listed_at, id) < (?, ?) ORDER BY listed_at DESC, id DESC LIMIT ?`,
  );
  const all = db.prepare('SELECT * FROM mentions WHERE topic = ? ORDER BY last_ping_at DESC LIMIT ?');
  const lookAgain = db.prepare(
    `UPDATE mentions SET due = :due, tries = 0, pings = pings + 1
     WHERE id = :id AND status <> 'removed'`,
  );
  const forgetRest = db.prepare('UPDATE mentions SET rest = NULL WHERE key = ? AND rest IS NOT NULL');
  const settle = createSettle(parts);

  return {
    take: ping => write(() => takeInside(ping)),
    claimDue: lease => write(() => claimInside(lease), WORKER_PATIENCE_MS),
    settle: (token, mention, settlement) =>
      write(() => settle.settle(token, mention, settlement), WORKER_PATIENCE_MS),
    release: async (token, dueInMs) => {
      await write(() => release.run({ token, due: now() + dueInMs }));
    },
    putOff: async (token, dueInMs) => {
      await write(() => putOff.run({ token, due: now() + dueInMs }), WORKER_PATIENCE_MS);
    },
    nextDueIn: async (passOver = []) => {
      const due = nextDue.get(JSON.stringify(passOver))?.['due'];
      return typeof due === 'number' ? Math.max(0, due - now()) : null;
    },
    countDue: async () => Number(countDue.get(now())?.['count']),
    listed: async (topicId, limit, before) =>
      (before ? older.all(topicId, before.listedAt, before.id, limit) : newest.all(topicId, limit)).map(
        toListed,
      ),
    latest: createLatest(parts),
    find: async (topicId, key) => {
      const row = find.get(topicId, key);
      return row ? toMention(row) : null;
    },
    byId: async id => {
      const row = byId.get(id);
      return row ? toMention(row) : null;
    },
    ofPost: async key => ofPost.all(key, MOST_OF_POST).map(toMention),
    all: async (topicId, limit) => all.all(topicId, limit).map(toMention),
    lookAgain: (topicId, key, despiteRest = false) =>
      write(() => {
        const due = now();
        const asked = settle
          .addressesOf(topicId, key)
          .filter(row => lookAgain.run({ due, id: String(row['id']) }).changes > 0);
        if (despiteRest) for (const row of asked) forgetRest.run(String(row['key']));
        return asked.length > 0;
      }),
    remove: (topicId, key) => write(() => settle.remove(topicId, key)),
    purge: createPurge(parts),
  };

  /** New posts are the usual case, so the insert is tried first, and read back by nobody. */
  function takeInside(ping: TakenPing): Mention | 'removed' {
    const at = now();
    const mention = newMention(newId(random), [ping], at);
    const { id, topicId, key, sourceUrl, site, status } = mention;
    const { domain } = ping;
    const inserted = insert.run({
      id,
      topicId,
      key,
      sourceUrl,
      site,
      domain,
      status,
      at,
      claim: JSON.stringify(mention.claim),
      said: mention.said,
      doors: JSON.stringify(mention.doors),
      history: JSON.stringify(mention.history),
    });
    return inserted.changes > 0 ? mention : repeatInside(ping, at);
  }

  function repeatInside(
    { topicId, key, sourceUrl, domain, claim, said, via }: TakenPing,
    at: number,
  ): Mention | 'removed' {
    const before = toMention(find.get(topicId, key) as Row);
    if (before.status === 'removed') return 'removed';
    const restsUntil = before.rest?.pingsUntil ?? 0;
    const rests = restsUntil > at;
    const row = repeat.get({
      id: before.id,
      at,
      sourceUrl,
      domain,
      due: rests ? (before.due ?? restsUntil) : at,
      tries: rests ? before.tries : 0,
      claim: JSON.stringify(claim),
      said,
      doors: JSON.stringify(withDoor(before.doors, via, at)),
      history: JSON.stringify(withEvent(before.history, { at, kind: 'pinged', via })),
    });
    return toMention(row as Row);
  }

  function claimInside({ forMs, ...which }: Lease): Claim[] {
    const at = now();
    return [...keysDue(at, which)].map(key => {
      const token = newId(random);
      const rows = lease.all({ key, token, now: at, soon: at + ALONG_MS, until: at + forMs });
      const restMs = Math.max(0, Number(restOf.get(key)?.['until']) - at);
      return { token, key, mentions: rows.map(row => toClaimed(row, at)), restMs };
    });
  }

  function keysDue(
    at: number,
    { limit, passOver = [], ofDomain = Infinity }: Omit<Lease, 'forMs'>,
  ): Set<string> {
    const keys = new Set<string>();
    const claimed = new Map<string, number>();
    for (const row of dueKeys.iterate({ now: at, passOver: JSON.stringify(passOver) })) {
      const [key, domain] = [String(row['key']), String(row['domain'])];
      const others = claimed.get(domain) ?? 0;
      if (keys.has(key) || (domain !== '' && others >= ofDomain)) continue;
      keys.add(key);
      claimed.set(domain, others + 1);
      if (keys.size === limit) break;
    }
    return keys;
  }
}
