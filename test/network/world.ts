import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { FOR_BLOG_TEST, KEY } from '../support/certificates.ts';
import { startDnsServer, type Zone } from '../support/dns-server.ts';
import { aFolder } from '../support/folder.ts';

/** The ports of the web, and those behind which secrets lie. */
const PORTS = [80, 443, 8080, 8443, 21, 22, 25, 3306, 6379, 9200, 11211, 27017];

/** One connection that somebody opened, with the address it was opened to. */
export interface Hit {
  to: string;
  port: number;
}

export interface World {
  /** Every connection so far, but for those to the hub. */
  hits: Hit[];
  /** Every question the name server was asked. */
  asked: string[];
}

/**
 * Makes the network namespace of this process a whole internet: every address there is, public or not, leads
 * to this process, which counts who connects to which. `zone` is what `/etc/resolv.conf` leads to. On port 443
 * it is `blog.test`, on every other it speaks HTTP. Refuses where there is any other network.
 */
export async function aWorld(
  test: Pick<TestContext, 'after'>,
  zone: Zone,
  answer: RequestListener,
): Promise<World> {
  // In a namespace just made even the loopback is down.
  if (Object.keys(networkInterfaces()).length > 0)
    throw new Error('only for a network namespace of its own: npm run test:network');
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  execFileSync('ip', ['route', 'add', 'local', '0.0.0.0/0', 'dev', 'lo']);
  execFileSync('ip', ['-6', 'route', 'add', 'local', '::/0', 'dev', 'lo']);
  const resolvConf = join(aFolder(test), 'resolv.conf');
  writeFileSync(resolvConf, 'nameserver 127.0.0.1\n');
  execFileSync('mount', ['--bind', resolvConf, '/etc/resolv.conf']);

  const dns = await startDnsServer(zone, 53);
  test.after(dns.close);
  const http = createHttpServer(answer);
  const https = createHttpsServer({ key: KEY, cert: FOR_BLOG_TEST }, answer);
  const hits: Hit[] = [];
  for (const port of PORTS) {
    const sockets = new Set<Socket>();
    const server = createServer(socket => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => {});
      hits.push({ to: String(socket.localAddress).replace('::ffff:', ''), port });
      (port === 443 ? https : http).emit('connection', socket);
    });
    server.listen(port, '::');
    await once(server, 'listening');
    test.after(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
  }
  return { hits, asked: dns.asked };
}
