import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A blog on loopback, whose posts a test writes, edits and deletes. */
export interface Blog {
  /** `127.0.0.1:port`, as `FETCH_ALLOW` names it. */
  pair: string;
  /** The address of a post. */
  at: (path: string) => string;
  /** Puts a page at a path: HTML, bytes with their Content-Type, or whatever the answer does. */
  put: (path: string, page: string | { type: string; body: Uint8Array } | Answer) => void;
  remove: (path: string) => void;
  /** Every request that came, in order. */
  requests: { path: string; headers: IncomingMessage['headers'] }[];
}

/** Opens a blog for the length of a test. */
export async function aBlog(test: Pick<TestContext, 'after'>, host = '127.0.0.1'): Promise<Blog> {
  const pages = new Map<string, Answer>();
  const requests: Blog['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    const answer = pages.get(request.url ?? '');
    if (answer) answer(request, response);
    else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not here</h1>');
  });
  await new Promise<void>(resolve => server.listen(0, host, resolve));
  test.after(() => {
    server.closeAllConnections();
    return new Promise(resolve => server.close(resolve));
  });
  const pair = `${host}:${(server.address() as AddressInfo).port}`;
  return {
    pair,
    requests,
    at: path => `http://${pair}${path}`,
    put(path, page) {
      if (typeof page === 'function') return void pages.set(path, page);
      const type = typeof page === 'string' ? 'text/html; charset=utf-8' : page.type;
      const body = typeof page === 'string' ? page : page.body;
      pages.set(path, (_request, response) => response.writeHead(200, { 'Content-Type': type }).end(body));
    },
    remove: path => void pages.delete(path),
  };
}

/** A post as blog software writes it, with a link in running text. */
export function aPost(
  over: { title?: string; link?: string; text?: string; head?: string; lang?: string } = {},
): string {
  const {
    title = 'Orion in winter',
    link = '',
    text = 'Three stars in a row, seen with',
    head = '',
    lang = 'en',
  } = over;
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>${title} – Starlight</title>
<meta property="og:site_name" content="Starlight">${head}</head>
<body><header><a href="/">Starlight</a></header><article><h1>${title}</h1>
<p>${text} ${link ? `<a href="${link}">the night sky topic</a>` : 'nothing'} in mind.</p></article></body></html>`;
}
