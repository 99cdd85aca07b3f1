import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Load } from './load.ts';

export const PING_PATH = '/t/night-sky/trackback';

/** A form of about 510 bytes without its last digits, which make every ping another post. */
export function pingBody(host: string): string {
  return new URLSearchParams({
    title: 'Orion from a balcony between two street lamps',
    excerpt: `Seven stars with the naked eye, and the nebula in a pair of binoculars older than me. Notes for the
      night sky topic, with a drawing I am not ashamed of, and what the neighbours said about it in the end.`,
    blog_name: 'Starlight',
    url: `http://${host}/2026/orion-from-a-balcony-`,
  }).toString();
}

/** Pings of different posts, one after the other without an end, as the bytes of whole requests. */
export function pingRequests(host: string, from = 100_000_000): () => string {
  const body = pingBody(host);
  const head = `POST ${PING_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: ${body.length + String(from).length}\r\n\r\n${body}`;
  let number = from;
  return () => head + number++;
}

/** Stands in the answer to every ping that was taken. */
export const TAKEN: Load['expected'] = '<error>0</error>';

/** A blog that takes connections and never answers. */
export interface SilentBlog {
  /** `127.0.0.1:port`, for `FETCH_ALLOW` and the pings. */
  host: string;
  close: () => void;
}

/**
 * Where the posts of measured pings lie: the few looks that a hub has under way at once wait there, so that
 * taking pings is measured and nothing else, while the worker is there and is told of each ping as ever.
 */
export async function silentBlog(): Promise<SilentBlog> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
