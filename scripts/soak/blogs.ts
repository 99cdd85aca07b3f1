import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageOf, readPost } from './posts.ts';

/** A topic counts its blogs by host, so a few are needed; Linux takes all of 127/8 for loopback. */
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'];

/** How long a slow post takes, by its number: 300 to 1,500 ms. */
const slowness = (id: number): number => 300 + (id % 7) * 200;

/** The blogs whose posts are sent, on loopback. */
export interface Blogs {
  /** `host:port` of each, as `FETCH_ALLOW` wants them. */
  pairs: string[];
  /** When a post was asked for last, in time of `performance.now()`. */
  askedAt: ReadonlyMap<number, number>;
  close: () => void;
}

/** Opens the blogs on ports of the kernel's; where only 127.0.0.1 is loopback, there is one. */
export async function openBlogs(): Promise<Blogs> {
  const askedAt = new Map<number, number>();
  const servers = (await Promise.all(HOSTS.map(host => openBlog(host, askedAt)))).filter(
    server => server !== null,
  );
  return {
    askedAt,
    pairs: servers.map(server => {
      const { address, port } = server.address() as AddressInfo;
      return `${address}:${port}`;
    }),
    close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

function openBlog(host: string, askedAt: Map<number, number>): Promise<Server | null> {
  const server = createServer((request, response) => {
    const post = readPost(`http://${host}${request.url}`);
    if (post) askedAt.set(post.id, performance.now());
    const answer = () => {
      response.writeHead(post ? 200 : 404, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(post ? pageOf(post) : '<h1>Not here</h1>');
    };
    if (post?.kind === 'slow') setTimeout(answer, slowness(post.id));
    else answer();
  });
  return new Promise(resolve => {
    server.once('error', () => resolve(null));
    server.listen(0, host, () => resolve(server));
  });
}
