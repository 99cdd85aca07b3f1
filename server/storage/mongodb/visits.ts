import {
  asked,
  ended,
  freeAt,
  type HostLog,
  LONGEST_FULL_MS,
  POLITENESS,
  UNVISITED,
} from '../../verification/politeness.ts';
import type { Host, Visits } from '../../verification/visits.ts';
import type { VisitDoc } from './models.ts';
import type { Parts } from './parts.ts';
import { together } from './together.ts';
import { wasAnswered } from './try-again.ts';

/** How often another process may be faster before the store counts as away. */
const MOST_TRIES = 20;
/** A count that is lost with the server does no harm, and a write that waits for the disk would. */
const UNHURRIED = { writeConcern: { w: 1, j: false } } as const;

/** What a change makes of what is remembered of a host, and what it answers. */
type Change = (log: HostLog, at: number) => { log: HostLog; waitMs: number | null };

interface Asked {
  host: Host;
  change: Change;
}

/**
 * Visits that all processes on a database count together. A host's record is read, changed and written back if
 * nobody else changed it meanwhile; what this process has to say of one host at one time goes along.
 */
export function createVisits({ models, now }: Pick<Parts, 'models' | 'now'>): Visits {
  const { visits } = models;
  const change = together(({ host }: Asked) => idOf(host), changeOnce);

  async function changeOnce(group: readonly Asked[]): Promise<Map<Asked, number | null>> {
    const { host } = group[0] as Asked;
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const at = now();
      const doc = await visits.findById(idOf(host)).lean();
      const answers = new Map<Asked, number | null>();
      let log: HostLog = doc ? logOf(doc) : UNVISITED;
      for (const one of group) {
        const { waitMs, log: after } = one.change(log, at);
        answers.set(one, waitMs);
        log = after;
      }
      if (await write(host, doc, log, at)) return answers;
    }
    throw new Error(`the visits of a ${host.kind} are changed too fast`);
  }

  async function write(host: Host, before: VisitDoc | null, log: HostLog, at: number): Promise<boolean> {
    const fields = { ...host, ...log, freeAt: freeAt(log, POLITENESS[host.kind], at) };
    const changes = before?.changes ?? 0;
    const unchanged = { _id: idOf(host), changes: before ? changes : { $exists: false } };
    const change = { $set: { ...fields, changes: changes + 1 }, $currentDate: { changedAt: true } } as const;
    return visits.updateOne(unchanged, change, { ...UNHURRIED, upsert: before === null }).then(
      ({ matchedCount, upsertedCount }) => matchedCount + upsertedCount === 1,
      error => {
        if (wasAnswered(error)) return false;
        throw error;
      },
    );
  }

  async function ask(host: Host, how: Change): Promise<number | null> {
    const one = { host, change: how };
    return (await change(one)).get(one) ?? null;
  }

  return {
    begin: (host, visitor) => ask(host, (log, at) => asked(log, POLITENESS[host.kind], visitor, at)),
    async end(hosts, token) {
      await Promise.all(hosts.map(host => ask(host, log => ({ log: ended(log, token), waitMs: null }))));
    },
    async fullSites() {
      const at = now();
      const full = await visits
        .find({ kind: 'site', freeAt: { $gt: at, $lte: at + LONGEST_FULL_MS } })
        .select('name freeAt')
        .lean();
      return new Map(full.map(({ name, freeAt: free }) => [name, free - at]));
    },
  };
}

const idOf = ({ kind, name }: Host): string => `${kind} ${name}`;

/** A record of an older hub does not say what room looks need. */
const logOf = ({ starts, held, promised, room = UNVISITED.room }: VisitDoc): HostLog => ({
  starts,
  held,
  promised,
  room,
});
