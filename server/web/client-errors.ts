import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node itself answers to these, and no longer does once somebody listens. */
const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** So long the other side may take to read why it is hung up on, and then to hang up itself. */
const LINGER_MS = 1_000;

/** The latest request of a connection, and how many are not answered yet. */
interface Talk {
  open: number;
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Some blogs send bytes behind the body they announced, or count it in characters. What came before is
 * a ping all the same: its answer goes out before the connection ends. A body that is broken or too slow never
 * becomes whole, so it ends the connection with what is wrong, and so does all else that is no HTTP.
 */
export function answerBeforeErrors(server: Server): void {
  const talks = new WeakMap<Duplex, Talk>();
  const broken = new WeakSet<Duplex>();

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    talks.set(socket, { open: (talks.get(socket)?.open ?? 0) + 1, request, response });
    response.on('close', () => {
      const talk = talks.get(socket);
      if (talk && --talk.open === answersNeverSent(talk) && broken.has(socket)) hangUp(socket);
    });
  });

  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const talk = talks.get(socket);
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    if (talk && talk.open > answersNeverSent(talk)) {
      broken.add(socket);
      return;
    }
    const begun = talk && talk.open > 0 && talk.response.headersSent;
    const status = STATUS_OF[error.code ?? ''] ?? '400 Bad Request';
    hangUp(socket, begun ? '' : `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
}

/** A request that is not whole when its connection breaks will never be. */
function answersNeverSent({ open, request }: Talk): number {
  return open > 0 && !request.complete ? 1 : 0;
}

function hangUp(socket: Duplex, lastWords = ''): void {
  socket.end(lastWords);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
