import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLookThreads } from '../../server/verification/look-threads.ts';
import { GREEDY_ANSWERS } from './greedy-answers.ts';

/**
 * A process that looks at the one answer it is told by name, and prints the MiB by which its resident memory was
 * higher at its peak than before. Its looker has read nothing yet but a page of a few letters. Linux alone tells the
 * peak of a stretch of time.
 */
const { body, coding } = GREEDY_ANSWERS[process.argv[2] ?? ''] ?? assert.fail(`no answer ${process.argv[2]}`);
const answer = body();

const kib = (name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const server = createServer((request, response) => {
  if (request.url === '/start') return response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>x');
  response.writeHead(200, { 'Content-Type': 'text/html', ...(coding ? { 'Content-Encoding': coding } : {}) });
  return response.end(answer);
});
server.listen(0, '127.0.0.1', async () => {
  const threads = createLookThreads({ userAgent: 'x', readingMs: 60_000 });
  const look = (path: string) =>
    threads.hop(
      {
        url: `http://blog.test:${(server.address() as AddressInfo).port}${path}`,
        leftMs: 60_000,
        wanted: [
          {
            id: 'm1',
            targets: [{ key: 'hub.example/t1', to: 'page' }],
            claim: { title: null, excerpt: null, blogName: null },
          },
        ],
        hubKeys: ['hub.example'],
        forwardedFor: null,
      },
      async () => ['127.0.0.1'],
    );
  await look('/start');
  writeFileSync('/proc/self/clear_refs', '5');
  const before = kib('VmRSS');
  const { kind } = await look('/answer');
  console.log(JSON.stringify({ kind, grownMib: (kib('VmHWM') - before) / 1024 }));
  await threads.close();
  server.close();
});
