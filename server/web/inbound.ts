import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerBeforeErrors } from './client-errors.ts';

/**
 * Not imported, because an import asks the module for everything it exports, and its `WebSocket` loads all of
 * Node's own undici: 50 ms of every start.
 */
const { createServer } = process.getBuiltinModule('node:http');

/** How much a connection may ask of the hub; times in milliseconds. */
export interface InboundLimits {
  /** For all headers of a request, and for a connection to begin one at all. */
  headersTimeout: number;
  /** For a whole request, body and all. */
  requestTimeout: number;
  /** How often the two above are seen to. */
  connectionsCheckingInterval: number;
  /** Between two requests. */
  keepAliveTimeout: number;
  /** For a reader that takes nothing of its answer, and longer than any answer is waited for. */
  silence: number;
  maxConnections: number;
  maxRequestsPerSocket: number;
}

export const INBOUND: InboundLimits = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 5_000,
  silence: 30_000,
  maxConnections: 1_000,
  maxRequestsPerSocket: 1_000,
};

const MOST_HEADER_BYTES = 16 * 1024;

/** A host and perhaps a port, of the letters that RFC 3986 gives them. */
const HOST = /^[\w.~!$&'()*+,;=:%[\]-]*$/;

/** The one expectation there is (RFC 9110, section 10.1.1), wherever Node sees it. */
const CONTINUE = /\b100-continue\b/i;

/** A server that keeps to these limits, and answers nobody before `answerWith`. */
export function createInbound({
  silence,
  maxConnections,
  maxRequestsPerSocket,
  ...times
}: InboundLimits): Server {
  // Node itself would refuse a request without a Host and go on with what stands behind it.
  const server = createServer({ ...times, maxHeaderSize: MOST_HEADER_BYTES, requireHostHeader: false });
  server.timeout = silence;
  server.maxConnections = maxConnections;
  server.maxRequestsPerSocket = maxRequestsPerSocket;
  return server;
}

/**
 * Hands requests to `handle`, but for those that Node's parser takes and a proxy in front may read otherwise
 * (RFC 9112, sections 3.2 and 6.1). They end their connection, and what came behind them is not read.
 */
export function answerWith(server: Server, handle: RequestListener): void {
  const refused = new WeakSet<Duplex>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (refused.has(socket)) return;
    const status = faultIn(request);
    if (status === null) return handle(request, response);
    refused.add(socket);
    const allow = status === 405 ? { Allow: 'GET, HEAD, POST' } : {};
    response.writeHead(status, { ...allow, Connection: 'close', 'Content-Length': 0 }).end();
  });
  // Node would answer these itself, whatever else is wrong with them, and keep the connection.
  server.on('checkExpectation', (...asked) => server.emit('request', ...asked));
  answerBeforeErrors(server);
}

function faultIn(request: IncomingMessage): 400 | 405 | 417 | null {
  const { method, headers, rawHeaders, httpVersion } = request;
  if (method === 'TRACE') return 405;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 400;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && (httpVersion === '1.0' || coding.toLowerCase() !== 'chunked')) return 400;
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1') || !HOST.test(headers.host ?? '')) return 400;
  // Before HTTP/1.1 there were none.
  const expected = httpVersion === '1.1' ? headers.expect : undefined;
  return expected === undefined || CONTINUE.test(expected) ? null : 417;
}
