import type { Connection, mongo } from 'mongoose';

/**
 * Tells for how long a call may wait until the driver finds a server to write to, all times in milliseconds: Infinity
 * while there is one, and then what is left of `graceMs` since there was none, down to 0. The driver would look as long
 * again for every call, while pings and readers wait; an election is over before.
 */
export function watchReach(connection: Connection, graceMs: number): () => number {
  let lostAt: number | null = null;
  connection
    .getClient()
    .on(
      'topologyDescriptionChanged',
      ({ newDescription }: Pick<mongo.TopologyDescriptionChangedEvent, 'newDescription'>) => {
        const found = [...newDescription.servers.values()].some(server => server.isWritable);
        lostAt = found ? null : (lostAt ?? performance.now());
      },
    );
  return () =>
    lostAt === null ? Number.POSITIVE_INFINITY : Math.max(0, lostAt + graceMs - performance.now());
}
