import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { serveBench } from './helper.ts';
import type { RawAnswer } from './raw-pages.ts';

/** A store as the hub makes it, a row as the hub writes it, and the answer the hub gives. */
export interface RawPings {
  dataDir: string;
  row: Record<string, SQLInputValue>;
  answer: RawAnswer;
}

const PER_COMMIT = 32;
/** For the last ones, which never become 32. */
const LONGEST_WAIT_MS = 5;

/** Plain node:http that reads a body and writes the hub's row for it, 32 of them in a commit that is on disk. */
serveBench(async ({ dataDir, row, answer: { status, headers, body } }: RawPings) => {
  const db = new DatabaseSync(join(dataDir, 'topichub.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32000');
  const columns = Object.keys(row);
  const insert = db.prepare(
    `INSERT INTO mentions (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  let number = 100_000_000;
  let waiting: ServerResponse[] = [];
  let late: NodeJS.Timeout | undefined;

  function commit(): void {
    clearTimeout(late);
    late = undefined;
    db.exec('BEGIN IMMEDIATE');
    for (const _ of waiting) insert.run(...Object.values(numbered(number++)));
    db.exec('COMMIT');
    for (const response of waiting) response.writeHead(status, headers).end(body);
    waiting = [];
  }

  function numbered(n: number): Record<string, SQLInputValue> {
    // Scattered like the hub's, because that decides how many pages of its index a commit writes.
    const id = Math.random().toString(32).slice(2, 12);
    return { ...row, id, key: `${row['key']}${n}`, source_url: `${row['source_url']}${n}` };
  }

  const server = createServer({ keepAliveTimeout: 5_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      Buffer.concat(chunks);
      waiting.push(response);
      if (waiting.length === PER_COMMIT) commit();
      else late ??= setTimeout(commit, LONGEST_WAIT_MS);
    });
  });
  server.maxRequestsPerSocket = 1_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { ready: (server.address() as AddressInfo).port };
});
