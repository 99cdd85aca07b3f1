import { request } from 'node:http';
import type { TestHub } from './hub.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A form, or the body of a call, sent from one of loopback's many addresses. */
export interface Sending {
  from?: string;
  headers?: Record<string, string>;
  body: string | Record<string, string>;
}

/** Posts to a hub as another sender would. */
export function sendTo(
  { address }: Pick<TestHub, 'address'>,
  path: string,
  { from = '127.0.0.1', headers = {}, body }: Sending,
): Promise<Answered> {
  const bytes = typeof body === 'string' ? body : `${new URLSearchParams(body)}`;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: new URL(address).port,
        localAddress: from,
        agent: false,
        method: 'POST',
        path,
        headers: {
          'Content-Type': 'application/x-www-form-urlencoded',
          'Content-Length': Buffer.byteLength(bytes),
          ...headers,
        },
      },
      response => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', data => {
          text += data;
        });
        response.on('end', () =>
          resolve({ status: Number(response.statusCode), headers: response.headers, body: text }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(bytes);
  });
}
