import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hostAndPort, mayBePublic } from './public-address.ts';
import { troubled } from './trouble.ts';

/**
 * The IP addresses at which a host may be reached on a port. Rejects with the trouble `not-public` or
 * `dns` when there are none, so whoever connects to these addresses and to no others is on the public web.
 */
export type Permit = (host: string, port: number) => Promise<string[]>;

/** What decides where a connection may go. */
export interface PermitNeeds {
  /** Every A and AAAA record of a name; asks the DNS and nothing else. */
  resolve: (host: string) => Promise<string[]>;
  /** The system's own answer, `/etc/hosts` included, for names that `allow` holds. */
  lookup: (host: string) => Promise<string[]>;
  isPublic: (ip: string) => boolean;
  /** `FETCH_ALLOW`: exact `host:port` pairs that need be neither public nor on a port of the web. */
  allow: ReadonlySet<string>;
  /** `FETCH_PORTS`; without it those of `WEB_PORTS`. */
  ports?: ReadonlySet<number>;
}

const DNS_MS = 3_000;

/**
 * The guard in front of every outgoing connection. One address that is not public refuses the whole
 * name, because whoever mixes them in means no good.
 */
export function createPermit({ resolve, lookup, isPublic, allow, ports }: PermitNeeds): Permit {
  return async (rawHost, port) => {
    const host = rawHost.replace(/^\[|\]$/g, '');
    const url = URL.parse(`http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
    if (!url) throw troubled('not-public', `${host}:${port} is no address`);
    if (allow.has(hostAndPort(url))) return isIP(host) ? [host] : named(host, lookup);
    if (!mayBePublic(url, ports)) throw troubled('not-public', `${host}:${port} is not on the public web`);
    const addresses = isIP(host) ? [host] : await named(host, resolve);
    const refused = addresses.find(address => !isPublic(address));
    if (refused) throw troubled('not-public', `${host} leads to ${refused}`);
    return addresses;
  };
}

/**
 * The DNS itself, through c-ares: it has its own sockets, so slow name servers don't fill the thread
 * pool that files and passwords need. Rejects when neither record can be had. `servers` is for tests.
 */
export function createResolver(servers?: string[]): PermitNeeds['resolve'] {
  return async host => {
    // One resolver per name, so that giving up on this name cancels no other's question.
    const resolver = new Resolver({ timeout: 1_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const giveUp = setTimeout(() => resolver.cancel(), DNS_MS);
    try {
      // A name server that fails for AAAA alone is common, and no reason to miss the A record.
      const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const addresses = [v4, v6].flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []));
      if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason;
      return addresses;
    } finally {
      clearTimeout(giveUp);
    }
  };
}

/** What the system itself makes of a name. It may read `/etc/hosts`, so it is for allowed names only. */
export async function systemLookup(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function named(host: string, ask: PermitNeeds['resolve']): Promise<string[]> {
  const addresses = await ask(host).catch(error => {
    throw troubled('dns', `${host} could not be resolved`, error);
  });
  if (addresses.length === 0) throw troubled('dns', `${host} has no address`);
  return addresses;
}
