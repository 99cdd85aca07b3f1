/** Whom a look comes to: a site by its registrable domain, or an IP address. */
export interface Host {
  kind: 'site' | 'address';
  name: string;
}

/** One look, by a token of its own, and how long it may be at a host, in milliseconds. */
export interface Visitor {
  token: string;
  forMs: number;
  /** It does not come back by itself, so that no place in the line is kept for it. */
  once?: boolean | undefined;
}

/**
 * Port: who is being looked at, and how often lately, so that no site and no address is asked more than
 * `politeness.ts` allows, by all processes on a store together. Contract in `test/storage/visits.contract.ts`.
 */
export interface Visits {
  /**
   * Counts one request of a look to a host. Null: it may go on. Else it may not, nothing was counted, and it may come
   * back after so many milliseconds. A look that is at the host already, after a redirect, is counted too, and sent
   * away only when the minute is full; it has left then.
   */
  begin(host: Host, visitor: Visitor): Promise<number | null>;
  /** The look has left these hosts. */
  end(hosts: readonly Host[], token: string): Promise<void>;
  /** The sites that may not be looked at now, each with the milliseconds until it may, if nobody leaves it before. */
  fullSites(): Promise<ReadonlyMap<string, number>>;
}
