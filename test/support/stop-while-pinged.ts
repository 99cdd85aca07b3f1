import assert from 'node:assert/strict';
import type { Running } from './process.ts';
import { slowSenders } from './slow-senders.ts';
import { until } from './until.ts';

/** Tells a hub to stop while so many pings are half sent: it takes each of them, and ends with exit code 0. */
export async function stopWhilePinged(hub: Running, count: number): Promise<void> {
  const port = Number(new URL(await hub.listening()).port);
  const senders = await slowSenders(port, count);
  // What came before on other connections has been read by the time this is answered.
  await fetch(`http://127.0.0.1:${port}/livez`);
  hub.child.kill('SIGTERM');
  await until(() => hub.errors().includes('"msg":"stopping"'));
  senders.finish();
  await until(() => senders.answers().every(answer => /<error>0<\/error>/.test(answer)), 'every answer');
  for (const answer of senders.answers()) assert.match(answer, /^HTTP\/1\.1 200 OK/);
  assert.equal(await hub.ended(), 0);
}
