import { randomBytes } from 'node:crypto';
import { openMongodb } from '../../server/storage/mongodb/open.ts';

/** Counts so many of one sender in a process of its own, and prints what the limit said to each as JSON. */
const [uri = '', most, seconds, times] = process.argv.slice(2);
const needs = { now: Date.now, random: randomBytes, starters: [], as: 'command' as const };
// A slow machine is not a database that is away.
const store = await openMongodb(uri, needs, { countMs: 10_000 });
const limit = store.limits.of('sender', { most: Number(most), seconds: Number(seconds) });
const said: unknown[] = [];
for (let n = 0; n < Number(times); n++) said.push(await limit('1.2.3.4'));
console.log(JSON.stringify(said));
await store.close();
