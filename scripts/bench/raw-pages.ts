import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serveBench } from './helper.ts';

/** The one answer a server gives: its status, its headers as they were received, and its bytes. */
export interface RawAnswer {
  status: number;
  headers: string[];
  body: Uint8Array;
}

/** Plain node:http with finished bytes: what any server in Node could reach at best. */
serveBench(async ({ status, headers, body }: RawAnswer) => {
  const bytes = Buffer.from(body);
  const server = createServer({ keepAliveTimeout: 5_000 }, (_request, response) => {
    response.writeHead(status, headers).end(bytes.length === 0 ? undefined : bytes);
  });
  // As the hub has it, because it shows in the headers.
  server.maxRequestsPerSocket = 1_000;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return { ready: (server.address() as AddressInfo).port };
});
