import { isIPv4 } from 'node:net';
import { domainOf } from '../mentions/domain.ts';
import type { Permit } from '../net/permit.ts';
import { troubled } from '../net/trouble.ts';
import type { HopAnswer, HopRequest } from './hop.ts';
import type { LookThreads } from './look-threads.ts';
import type { Host, Visits } from './visits.ts';

/** A look that may not go on now, because others were at that host lately. It was no attempt. */
export interface PutOff {
  kind: 'put-off';
  waitMs: number;
}

/** A hop that is not counted yet, which takes some of the milliseconds that are `left` of the look. */
export type HopAhead = Omit<HopRequest, 'leftMs'> & { left: () => number };

/** One look's way from host to host. */
export interface Visit {
  /** The first hop goes where the visit was opened; each further one is counted against its own site. */
  hop: (ahead: HopAhead) => Promise<HopAnswer | PutOff>;
  /** Makes room for the next look; never rejects. */
  leave: () => Promise<void>;
}

export type OpenVisit = (source: string, token: string) => Promise<Visit | PutOff>;

export interface VisitNeeds {
  visits: Visits;
  hop: LookThreads['hop'];
  permit: Permit;
  /** `FETCH_ALLOW`: outside the limits. */
  allow: ReadonlySet<string>;
  /** Whoever is put off does not come back by itself. */
  once?: boolean;
}

/** Longer than any look: whoever is at a host for longer has died. */
const SEAT_MS = 20_000;
/** While the store cannot say who was where, nobody goes anywhere. */
const STORE_AWAY_MS = 1_000;
/** Enough to find one that answers; each is counted, whichever it will be. */
const MOST_OF_FAMILY = 2;

/**
 * Stands between the worker and the threads, so that no look reaches a site or an address that was asked often
 * enough: the site is counted before each hop, and the addresses between the name and the connection.
 */
export function createOpenVisit({ visits, hop, permit, allow, once }: VisitNeeds): OpenVisit {
  return async (source, token) => {
    const visited: Host[] = [];
    let hasLeft = false;

    async function begin(hosts: Host[]): Promise<PutOff | null> {
      visited.push(...hosts);
      const waits = await Promise.all(
        hosts.map(host => visits.begin(host, { token, forMs: SEAT_MS, once }).catch(() => STORE_AWAY_MS)),
      );
      // Whoever answers for a look that is over would keep a place for nobody.
      if (hasLeft) await leave();
      const longest = Math.max(0, ...waits.map(wait => wait ?? 0));
      return longest > 0 ? { kind: 'put-off', waitMs: longest } : null;
    }

    async function toSite(url: string): Promise<PutOff | null> {
      const name = domainOf(new URL(url), allow);
      return name === '' ? null : begin([{ kind: 'site', name }]);
    }

    async function guardedHop(request: HopRequest): Promise<HopAnswer | PutOff> {
      if (domainOf(new URL(request.url), allow) === '') return hop(request, permit);
      let putOff: PutOff | null = null;
      let addresses: string[] = [];
      const guarded: Permit = async (host, port) => {
        addresses = aFewOf(await permit(host, port));
        if (hasLeft) throw troubled('timeout', 'nobody waits any more');
        putOff = await begin(addresses.map(asHost));
        if (putOff) throw troubled('connect', `${host} is visited too often`);
        return addresses;
      };
      // Else whoever names a busy server beside his own could keep everybody else from it.
      const reached = (there: string) =>
        void visits.end(addresses.filter(one => one !== there).map(asHost), token).catch(() => {});
      const answer = await hop(request, guarded, reached);
      return putOff ?? answer;
    }

    function leave(): Promise<void> {
      hasLeft = true;
      return visits.end(visited, token).catch(() => {});
    }

    const putOff = await toSite(source);
    if (putOff) {
      await leave();
      return putOff;
    }
    let first = true;
    return {
      async hop({ left, ...request }) {
        const beforehand = first ? null : await toSite(request.url);
        first = false;
        if (beforehand) return beforehand;
        const leftMs = left();
        return leftMs > 0 ? guardedHop({ ...request, leftMs }) : { kind: 'failed', trouble: 'timeout' };
      },
      leave,
    };
  };
}

const asHost = (address: string): Host => ({ kind: 'address', name: address });

function aFewOf(addresses: string[]): string[] {
  const [v4, v6] = [addresses.filter(isIPv4), addresses.filter(address => !isIPv4(address))];
  return [...v6.slice(0, MOST_OF_FAMILY), ...v4.slice(0, MOST_OF_FAMILY)];
}
