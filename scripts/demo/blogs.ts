import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import iconv from 'iconv-lite';
import { type DemoPost, POSTS, pageOf } from './posts.ts';

/** The demo's blogs: one server on loopback, one host name each (browsers take *.localhost for loopback). */
export interface Blogs {
  /** `host:port` of each, for `FETCH_ALLOW`. */
  pairs: string[];
  addressOf: (post: DemoPost) => string;
  close: () => void;
}

/** Opens the blogs; `topicAddress` says where their posts link to, once the hub has an address. */
export async function openBlogs(topicAddress: (slug: string) => string): Promise<Blogs> {
  const server: Server = createServer((request, response) => {
    const host = request.headers.host?.split(':')[0];
    const post = POSTS.find(one => `${one.blog}.localhost` === host && one.path === request.url);
    if (!post) {
      const blog = POSTS.find(one => `${one.blog}.localhost` === host);
      const html = `<!DOCTYPE html><meta charset="utf-8"><title>${host}</title><h1>${blog?.name ?? 'No such blog'}</h1>`;
      response.writeHead(request.url === '/' && blog ? 200 : 404, { 'Content-Type': 'text/html' }).end(html);
      return;
    }
    const body = iconv.encode(pageOf(post, topicAddress(post.topic)), post.charset);
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    pairs: [...new Set(POSTS.map(post => `${post.blog}.localhost:${port}`))],
    addressOf: post => `http://${post.blog}.localhost:${port}${post.path}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
