import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from './certificate.ts';
import { serveBench } from './helper.ts';

/** The page that lies at every address of the blog, and the certificate to show it with; null: plain HTTP. */
export interface BlogTask {
  page: string;
  certificate: Certificate | null;
}

/** A blog on loopback, in a process of its own, so that what it costs is in nobody's account. */
serveBench(async ({ page, certificate }: BlogTask) => {
  const body = Buffer.from(page);
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': body.length };
  const answer: Parameters<typeof createServer>[1] = (_request, response) => {
    response.writeHead(200, headers).end(body);
  };
  const server = certificate ? createTlsServer(certificate, answer) : createServer(answer);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { ready: (server.address() as AddressInfo).port };
});
