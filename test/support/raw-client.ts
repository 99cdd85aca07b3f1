import { connect } from 'node:net';
import type { TestHub } from './hub.ts';

/** Sends bytes as they are, in pieces, and reads until the hub has answered in full. */
export function sendRaw(
  { address }: Pick<TestHub, 'address'>,
  ...pieces: (string | Buffer)[]
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', data => {
      answer += data;
      const length = /content-length: (\d+)/i.exec(answer)?.[1];
      const [, body] = answer.split('\r\n\r\n');
      if (length && Buffer.byteLength(body ?? '') >= Number(length)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', error => (answer ? resolve(answer) : reject(error)));
    socket.on('connect', async () => {
      for (const piece of pieces) {
        socket.write(piece);
        await new Promise(next => setImmediate(next));
      }
    });
  });
}
