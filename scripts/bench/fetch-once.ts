import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { RawAnswer } from './raw-pages.ts';

/** What Node's server adds by itself. */
const OWN = new Set(['date', 'connection', 'keep-alive']);

/** A request to a server on loopback; with a body it is a POST of a form. */
export interface Asked {
  port: number;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** What a server answers, byte by byte, so that another one can answer the same. */
export async function fetchOnce({ port, path, headers = {}, body }: Asked): Promise<RawAnswer> {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const asked = request({
    host: '127.0.0.1',
    port,
    path,
    agent: false,
    ...(body === undefined ? { headers } : { method: 'POST', headers: { ...form, ...headers } }),
  }).end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const bytes = Buffer.concat(await answer.toArray());
  const raw = answer.rawHeaders;
  const kept = raw.filter((_, index) => !OWN.has((raw[index - (index % 2)] as string).toLowerCase()));
  return { status: Number(answer.statusCode), headers: kept, body: bytes };
}
