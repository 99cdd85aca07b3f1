import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { before, describe, it, type TestContext } from 'node:test';
import { setDefaultCACertificates, type TlsOptions } from 'node:tls';
import { createFetchPage } from '../../server/net/fetch-page.ts';
import {
  AUTHORITY,
  EXPIRED,
  FOR_BLOG_TEST,
  FOR_OTHER_TEST,
  KEY,
  SELF_SIGNED,
} from '../support/certificates.ts';
import { aRawServer } from '../support/raw-server.ts';

/** Made by each test, because it takes the authorities that are trusted when it is made. */
function fetchPage(url: string) {
  const fetched = createFetchPage({ userAgent: 'topichub (test)', now: Date.now });
  return fetched({ url, leftMs: 10_000, permit: async () => ['127.0.0.1'], forwardedFor: null });
}

/** Fetches a page as `https://blog.test` from a server with this certificate. */
async function fetchOverTls(test: TestContext, options: TlsOptions) {
  const server = createServer({ key: KEY, ...options }, (request, response) => {
    const { servername } = request.socket as { servername?: string };
    response.setHeader('Content-Type', 'text/html').end(`${servername} ${request.headers.host}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const fetched = await fetchPage(`https://blog.test:${port}/post`);
  return { port, fetched };
}

describe('F23 TLS is verified', () => {
  before(() => setDefaultCACertificates([AUTHORITY]));

  it('a good certificate for the name that was asked for is taken', async test => {
    const { port, fetched } = await fetchOverTls(test, { cert: FOR_BLOG_TEST });
    assert.equal(fetched.kind, 'page');
    assert.equal(
      fetched.kind === 'page' && Buffer.from(fetched.bytes).toString(),
      `blog.test blog.test:${port}`,
    );
  });

  const BAD: Record<string, TlsOptions> = {
    'an expired certificate': { cert: EXPIRED },
    'a certificate signed by itself': { cert: SELF_SIGNED },
    'a certificate for another name': { cert: FOR_OTHER_TEST },
    'TLS 1.1': {
      cert: FOR_BLOG_TEST,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    },
  };
  for (const [name, options] of Object.entries(BAD)) {
    it(`${name} is refused`, async test => {
      const { fetched } = await fetchOverTls(test, options);
      assert.deepEqual(fetched, { kind: 'failed', trouble: 'tls' });
    });
  }

  it('a server that does not speak it is refused', async test => {
    const server = await aRawServer(test, socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const fetched = await fetchPage(`https://blog.test:${server.port}/post`);
    assert.deepEqual(fetched, { kind: 'failed', trouble: 'tls' });
  });
});
