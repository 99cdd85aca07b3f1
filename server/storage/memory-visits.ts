import {
  asked,
  ended,
  freeAt,
  type HostLog,
  isForgettable,
  POLITENESS,
  UNVISITED,
} from '../verification/politeness.ts';
import type { Host, Visits } from '../verification/visits.ts';

const SWEPT_EVERY_MS = 60_000;

/**
 * Visits of a store that one process looks for: what it did in the last minute need not outlive it. Hosts nobody
 * was at lately are forgotten, once a minute.
 */
export function memoryVisits(now: () => number): Visits {
  const logs = { site: new Map<string, HostLog>(), address: new Map<string, HostLog>() };
  /** Those that were full when they were last touched, so that nobody has to go through all. */
  const full = new Set<string>();
  let sweptAt = now();

  function keep({ kind, name }: Host, log: HostLog): void {
    logs[kind].set(name, log);
    if (kind === 'site' && freeAt(log, POLITENESS.site, now()) > now()) full.add(name);
  }

  function sweep(at: number): void {
    if (Math.abs(at - sweptAt) < SWEPT_EVERY_MS) return;
    sweptAt = at;
    for (const known of Object.values(logs)) {
      for (const [name, log] of known) if (isForgettable(log, at)) known.delete(name);
    }
  }

  return {
    async begin(host, visitor) {
      const at = now();
      sweep(at);
      const known = logs[host.kind].get(host.name) ?? UNVISITED;
      const { log, waitMs } = asked(known, POLITENESS[host.kind], visitor, at);
      keep(host, log);
      return waitMs;
    },
    async end(hosts, token) {
      for (const host of hosts) {
        const log = logs[host.kind].get(host.name);
        if (log) keep(host, ended(log, token));
      }
    },
    async fullSites() {
      const at = now();
      const waits = new Map<string, number>();
      for (const name of full) {
        const free = freeAt(logs.site.get(name) ?? UNVISITED, POLITENESS.site, at);
        if (free > at) waits.set(name, free - at);
        else full.delete(name);
      }
      return waits;
    },
  };
}
