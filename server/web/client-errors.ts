import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node itself answers to these, and no longer does once somebody listens. */
const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Some blogs send bytes behind the body they announced, or count it in characters. What came before is
 * a ping all the same: its answer goes out before the connection ends. Anything else that is no HTTP gets a 400.
 */
export function answerBeforeErrors(server: Server): void {
  /** How many requests of a connection are not answered yet. */
  const open = new WeakMap<Duplex, number>();
  const broken = new WeakSet<Duplex>();
  const add = (socket: Duplex, more: number) => open.set(socket, (open.get(socket) ?? 0) + more);

  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    add(socket, 1);
    response.on('finish', () => {
      if (broken.has(socket)) socket.end();
    });
    response.on('close', () => add(socket, -1));
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (open.get(socket)) {
      broken.add(socket);
      return;
    }
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status = STATUS_OF[error.code ?? ''] ?? '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
}
