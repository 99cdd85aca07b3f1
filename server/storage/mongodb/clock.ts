const RENEWED_MS = 60_000;

/** The database's clock, which all processes on it share. */
export interface SharedClock {
  now: () => number;
  /** How far it is ahead of the process' own, in milliseconds. */
  aheadMs: () => number;
  stop: () => void;
}

/**
 * Leases and due times are compared across processes, whose own clocks may differ by minutes. So the
 * database's clock counts: asked once a minute (`hello.localTime`), and kept in between as an offset.
 */
export async function sharedClock(askTime: () => Promise<number>, own: () => number): Promise<SharedClock> {
  let offset = 0;
  const renew = async () => {
    const before = own();
    const theirs = await askTime();
    // The answer is as old as half the way there and back.
    offset = theirs - (before + own()) / 2;
  };
  await renew();
  // A database that is away keeps its last offset: clocks drift by far less than a lease.
  const timer = setInterval(() => void renew().catch(() => {}), RENEWED_MS);
  timer.unref();
  return {
    now: () => Math.round(own() + offset),
    aheadMs: () => offset,
    stop: () => clearInterval(timer),
  };
}
