import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A TCP server on loopback whose answers a test writes byte by byte. */
export interface RawServer {
  port: number;
  /** How many connections were ever opened, and how many are open now. */
  opened: number;
  open: number;
}

/** Starts one for the length of a test. `answer` is called with each connection once a request has come. */
export async function aRawServer(
  test: Pick<TestContext, 'after'>,
  answer: (socket: Socket, request: string) => void,
): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    counts.opened++;
    counts.open++;
    socket.on('error', () => {});
    socket.on('close', () => {
      counts.open--;
      sockets.delete(socket);
    });
    socket.once('data', request => answer(socket, request.toString('latin1')));
    socket.resume();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const counts: RawServer = { port: (server.address() as AddressInfo).port, opened: 0, open: 0 };
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise(resolve => server.close(resolve));
  });
  return counts;
}

/** Writes the same bytes for as long as the other side takes them. */
export function pour(socket: Socket, bytes: string | Uint8Array): void {
  const write = () => {
    while (socket.writable && socket.write(bytes));
  };
  socket.on('drain', write);
  write();
}
