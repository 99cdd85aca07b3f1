import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { createLookThreads } from '../../server/verification/look-threads.ts';

/**
 * A process that looks at hostile answers, one at a time, and prints for each the MiB by which its resident memory
 * was higher at its peak than before. Linux alone tells the peak of a stretch of time.
 */
const MIB = 1024 * 1024;
const bomb = Buffer.alloc(50 * MIB, ' ');
const LINK = '<a href="https://hub.example/t1">x</a>';
const LATIN_1 = Buffer.from('<p>Les \xe9l\xe8ves \xe9taient d\xe9j\xe0 l\xe0.', 'latin1');
const WRONGLY = '<meta charset="euc-jp"><?xml version="1.0" encoding="gbk"?>';
const ANSWERS: Record<string, { body: Buffer; coding?: string }> = {
  'F13 gzip': { body: gzipSync(bomb), coding: 'gzip' },
  'F14 br': { body: brotliCompressSync(bomb), coding: 'br' },
  'F19 50 MiB': { body: bomb },
  H01: { body: Buffer.from('<div>'.repeat(MIB / 5)) },
  H06: { body: Buffer.from(`<a${' a0'.repeat(MIB / 3 - 2)}>`) },
  'H12 links': { body: Buffer.from(LINK.repeat(MIB / LINK.length)) },
  'no charset': { body: LATIN_1 },
  'no charset, 1 MiB': { body: Buffer.concat(Array(MIB / 32).fill(LATIN_1)).subarray(0, MIB) },
  'wrong charset, 1 MiB': {
    body: Buffer.concat([Buffer.from(WRONGLY), ...Array(MIB / 32).fill(LATIN_1)]).subarray(0, MIB),
  },
  'H12 &amp;': { body: Buffer.from('&amp;'.repeat(MIB / 5)) },
  'H12 <': { body: Buffer.from('<'.repeat(MIB)) },
};

const kib = (name: string) =>
  Number(new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

const server = createServer((request, response) => {
  const { body, coding } = ANSWERS[decodeURIComponent(String(request.url).slice(1))] ?? {
    body: Buffer.from(`<p>${'An ordinary page. '.repeat(50_000)}${LINK}`),
  };
  response.writeHead(200, { 'Content-Type': 'text/html', ...(coding ? { 'Content-Encoding': coding } : {}) });
  response.end(body);
});
server.listen(0, '127.0.0.1', async () => {
  const threads = createLookThreads({ userAgent: 'x', readingMs: 60_000 });
  const look = (name: string) =>
    threads.hop(
      {
        url: `http://blog.test:${(server.address() as AddressInfo).port}/${encodeURIComponent(name)}`,
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
  // What a thread keeps once it has read a page of that size, and found out a charset, is no growth by the next one.
  for (let n = 0; n < 10; n++) await look('ordinary');
  await look('no charset');
  for (const name of Object.keys(ANSWERS)) {
    writeFileSync('/proc/self/clear_refs', '5');
    const before = kib('VmRSS');
    const { kind } = await look(name);
    console.log(JSON.stringify({ name, kind, grownMib: (kib('VmHWM') - before) / 1024 }));
  }
  await threads.close();
  server.close();
});
