import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import { createFetchPage } from '../../server/net/fetch-page.ts';
import { createPermit, createResolver } from '../../server/net/permit.ts';
import { startDnsServer } from '../support/dns-server.ts';

const RUNS = 1_000;
/** Stand for the public web and for a secret; both are on loopback, and only the rule tells them apart. */
const OPEN = '127.0.0.2';
const SECRET = '127.0.0.3';

async function listening(test: TestContext, host: string, port: number) {
  const server = createServer((_request, response) =>
    response.setHeader('Content-Type', 'text/html').end(host),
  );
  let connections = 0;
  server.on('connection', () => connections++);
  server.listen(port, host);
  await once(server, 'listening');
  test.after(() => server.close());
  return { port: (server.address() as AddressInfo).port, connections: () => connections };
}

it('D03 a thousand names that change their mind with every question lead to nothing private', async test => {
  const open = await listening(test, OPEN, 0);
  const secret = await listening(test, SECRET, open.port);
  const times = new Map<string, number>();
  // Odd names begin with what is public, even ones with what is not, and each third mixes the two.
  const dns = await startDnsServer((name, type) => {
    if (type === 'AAAA') return [];
    const asked = (times.get(name) ?? 0) + 1;
    times.set(name, asked);
    const n = Number.parseInt(name, 10);
    if (n % 3 === 0) return asked % 2 ? [OPEN, SECRET] : [OPEN];
    return [(asked + n) % 2 ? SECRET : OPEN];
  });
  test.after(dns.close);
  const permit = createPermit({
    resolve: createResolver([dns.address]),
    lookup: async () => assert.fail('nothing is allowed'),
    isPublic: address => address === OPEN,
    allow: new Set(),
    ports: new Set([open.port]),
  });
  const fetchPage = createFetchPage({ userAgent: 'topichub (test)', now: Date.now });
  const kinds = { page: 0, refused: 0 };
  for (let n = 0; n < RUNS; n += 20) {
    const names = Array.from({ length: 20 }, (_, at) => `${n + at}.rebind.test`);
    for (const fetched of await Promise.all(
      names.map(name =>
        fetchPage({ url: `http://${name}:${open.port}/post`, leftMs: 20_000, permit, forwardedFor: null }),
      ),
    )) {
      if (fetched.kind === 'page') kinds.page++;
      else if (fetched.kind === 'failed' && fetched.trouble === 'not-public') kinds.refused++;
    }
  }
  assert.equal(secret.connections(), 0);
  assert.equal(open.connections(), kinds.page);
  assert.ok(kinds.page > 300 && kinds.refused > 600, JSON.stringify(kinds));
});
