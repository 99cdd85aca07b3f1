import { withDoor } from '../../mentions/doors.ts';
import { withEvent } from '../../mentions/history.ts';
import type { DoorUse, HistoryEvent, Status } from '../../mentions/mention.ts';
import type { ClaimedMention, Mentions, Settlement } from '../../mentions/mentions.ts';
import type { Parts } from './parts.ts';
import type { Row } from './rows.ts';

/** A post in these states keeps its listing from all other addresses of it. */
const KEEPS_LISTING: ReadonlySet<string> = new Set<Status>(['listed', 'removed']);

type Result = Awaited<ReturnType<Mentions['settle']>>;

/**
 * The two changes that can alter a topic's public list: what a look found, and the operator's last
 * word. Both run inside a transaction of the caller's, and the topic's counters change with them.
 */
export function createSettle({ db, now }: Pick<Parts, 'db' | 'now'>) {
  const byId = db.prepare('SELECT * FROM mentions WHERE id = ?');
  const holderOf = db.prepare('SELECT * FROM mentions WHERE topic = ? AND listed_key = ? AND id <> ?');
  const yieldListing = db.prepare('UPDATE mentions SET listed_key = NULL WHERE id = ?');
  const owe = db.prepare("UPDATE mentions SET due = ? WHERE merged_into = ? AND status = 'merged'");
  const sameAddress = db.prepare('SELECT * FROM mentions WHERE topic = ?1 AND (key = ?2 OR listed_key = ?2)');
  const update = db.prepare(
    `UPDATE mentions SET status = :status, due = :due, tries = :tries, attempts = 0, failing = :failing,
       rest = :rest, final_url = coalesce(:finalUrl, final_url), listed_key = :listedKey, merged_into = :mergedInto,
       site = coalesce(:site, site), page = coalesce(:page, page), shown = coalesce(:shown, shown),
       evidence = coalesce(:evidence, evidence), shown_doors = :shownDoors, listed_at = :listedAt, lease_token = NULL, lease_until = NULL,
       history = :history
     WHERE id = :id RETURNING *`,
  );
  const setDoors = db.prepare('UPDATE mentions SET doors = ?, shown_doors = ? WHERE id = ?');
  const remove = db.prepare(
    `UPDATE mentions SET status = 'removed', due = NULL, lease_token = NULL, lease_until = NULL,
       history = :history, listed_key = coalesce(listed_key, CASE WHEN NOT EXISTS
         (SELECT 1 FROM mentions other WHERE other.topic = mentions.topic AND other.listed_key = mentions.key)
         THEN key END)
     WHERE id = :id RETURNING *`,
  );
  const blogListed = db.prepare(
    "SELECT 1 FROM mentions WHERE topic = ? AND site = ? AND status = 'listed' LIMIT 1",
  );
  const lastListed = db.prepare(
    "SELECT max(listed_at) AS at FROM mentions WHERE topic = ? AND status = 'listed'",
  );
  const counters = db.prepare('SELECT months FROM topics WHERE id = ?');
  const count = db.prepare(
    `UPDATE topics SET posts = posts + :posts, blogs = blogs + :blogs, months = :months,
       last_listed_at = :lastListedAt, version = version + 1, changed_at = :now WHERE id = :id`,
  );

  function settle(token: string, mention: ClaimedMention, found: Settlement): Result {
    const before = byId.get(mention.id);
    if (before?.['lease_token'] !== token) return { result: 'stale', visible: false };
    const at = now();
    const topic = String(before['topic']);
    const listedKey = (before['listed_key'] as string | null) ?? null;
    const wantsKey = found.status === 'listed' && listedKey === null ? (found.finalKey ?? null) : null;
    const holder = wantsKey ? holderOf.get(topic, wantsKey, mention.id) : undefined;
    const other = holder && KEEPS_LISTING.has(String(holder['status'])) ? holder : undefined;
    if (holder && !other) yieldListing.run(String(holder['id']));
    const firstListed = (before['listed_at'] ?? (holder && !other ? holder['listed_at'] : null)) as
      | number
      | null;
    const status: Status = other ? 'merged' : found.status;
    const pinged = before['pings'] !== mention.pings;
    const owedAgain = pinged && !found.rest;
    const dueThen = other || found.dueIn === null ? null : at + found.dueIn;
    const restOver = pinged && found.rest ? at + found.rest.pingsMs : null;
    const change = () =>
      update.get({
        id: mention.id,
        status,
        due: owedAgain ? at : (dueThen ?? restOver),
        tries: owedAgain ? 0 : found.tries,
        failing: found.failing && JSON.stringify(found.failing),
        rest: found.rest
          ? JSON.stringify({ pingsUntil: at + found.rest.pingsMs, allUntil: at + found.rest.allMs })
          : null,
        finalUrl: found.finalUrl ?? null,
        listedKey: other ? null : (listedKey ?? wantsKey),
        mergedInto: other
          ? String(other['id'])
          : status === 'merged'
            ? (before['merged_into'] as string)
            : null,
        site: found.site ?? null,
        page: found.page ? JSON.stringify(found.page) : null,
        shown: found.shown ? JSON.stringify(found.shown) : null,
        evidence: found.evidence ? JSON.stringify({ ...found.evidence, at }) : null,
        shownDoors: doorNames(before),
        listedAt: firstListed ?? (status === 'listed' ? at : null),
        history: JSON.stringify(historyAfter(before, at, found, status)),
      }) as Row;
    const visible = changeVisibly(topic, before, found.site, change);
    if (before['status'] === 'listed' && status !== 'listed') owe.run(at, mention.id);
    return {
      result: other ? 'merged' : 'settled',
      visible: other ? addDoors(topic, other, before) || visible : visible,
    };
  }

  /** All that is stored of a post: under this address, under the address it is listed with, and what it was merged into. */
  function addressesOf(topic: string, key: string): Row[] {
    const rows = sameAddress.all(topic, key);
    const into = new Set(rows.map(row => row['merged_into']).filter(id => id !== null));
    for (const row of rows) into.delete(row['id'] as string);
    return [...rows, ...[...into].map(id => byId.get(String(id)) as Row)];
  }

  function removeForGood(topic: string, key: string): boolean {
    const rows = addressesOf(topic, key);
    for (const before of rows.filter(row => row['status'] !== 'removed')) {
      const history = withEvent(historyOf(before), { at: now(), kind: 'became', status: 'removed' });
      const change = () => remove.get({ history: JSON.stringify(history), id: String(before['id']) }) as Row;
      changeVisibly(topic, before, undefined, change);
    }
    return rows.length > 0;
  }

  /** Makes a change and, where it shows, keeps the counters true and raises the version. */
  function changeVisibly(
    topic: string,
    before: Row,
    newSite: string | undefined,
    change: () => Row,
  ): boolean {
    const sites = [...new Set([String(before['site']), newSite ?? String(before['site'])])];
    const blogs = () => sites.filter(site => blogListed.get(topic, site)).length;
    const blogsBefore = blogs();
    const after = change();
    const was = before['status'] === 'listed';
    const is = after['status'] === 'listed';
    const looksSame = ['shown', 'shown_doors', 'final_url'].every(column => before[column] === after[column]);
    if ((!was && !is) || (was && is && looksSame)) return false;
    bump(topic, Number(is) - Number(was), blogs() - blogsBefore, Number(after['listed_at']));
    return true;
  }

  function bump(topic: string, posts: number, blogs: number, listedAt: number): void {
    const months: Record<string, number> = JSON.parse(String(counters.get(topic)?.['months'] ?? '{}'));
    if (posts !== 0) {
      const month = new Date(listedAt).toISOString().slice(0, 7);
      const left = (months[month] ?? 0) + posts;
      if (left > 0) months[month] = left;
      else delete months[month];
    }
    const lastListedAt = lastListed.get(topic)?.['at'] ?? null;
    count.run({ id: topic, posts, blogs, months: JSON.stringify(months), lastListedAt, now: now() });
  }

  /** The doors of a merged post are shown on the one it was merged into. */
  function addDoors(topic: string, into: Row, merged: Row): boolean {
    let doors: DoorUse[] = JSON.parse(String(into['doors']));
    for (const { via, last } of JSON.parse(String(merged['doors'])) as DoorUse[])
      doors = withDoor(doors, via, last);
    const names = JSON.stringify(doors.map(door => door.via));
    setDoors.run(JSON.stringify(doors), names, String(into['id']));
    const shows = into['status'] === 'listed' && names !== into['shown_doors'];
    if (shows) bump(topic, 0, 0, Number(into['listed_at']));
    return shows;
  }

  return { settle, remove: removeForGood, addressesOf };
}

const historyOf = (row: Row): HistoryEvent[] => JSON.parse(String(row['history']));

const doorNames = (row: Row): string =>
  JSON.stringify((JSON.parse(String(row['doors'])) as DoorUse[]).map(door => door.via));

function historyAfter(before: Row, at: number, { sight }: Settlement, status: Status): HistoryEvent[] {
  const events = historyOf(before);
  const looked = sight ? withEvent(events, { at, kind: 'looked', ...sight }) : events;
  return before['status'] === status ? looked : withEvent(looked, { at, kind: 'became', status });
}
