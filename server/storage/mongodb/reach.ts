import type { Connection, mongo } from 'mongoose';

/**
 * Tells whether the driver has looked for a server to write to for `graceMs` (milliseconds) and found none. It would
 * look as long again for every call, while pings and readers wait; an election is over before.
 */
export function watchReach(connection: Connection, graceMs: number): () => boolean {
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
  return () => lostAt !== null && performance.now() - lostAt >= graceMs;
}
