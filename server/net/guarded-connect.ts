import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { Permit } from './permit.ts';
import { type TroubledError, troubled } from './trouble.ts';

export interface ConnectLimits {
  permit: Permit;
  /** Told which of the permitted addresses the connection went to. */
  reached?: ((address: string) => void) | undefined;
  /** Drops the connection when it aborts, whatever stage it is in. */
  signal: AbortSignal;
  /** Bytes the other side may send in all, after which it is hung up on. */
  mostBytes: number;
  /** One for all connections, because to make it takes as long as a whole look over plain HTTP. */
  secureContext: SecureContext;
}

/** TCP and TLS together. */
const CONNECT_MS = 3_000;

/**
 * A connect function for undici that opens sockets only where `permit` says, for names and literal
 * addresses alike. The name is resolved once, by the guard, and the socket goes to what the guard saw, so
 * a name that changes its mind in between (DNS rebinding) gains nothing.
 */
export function guardedConnect(limits: ConnectLimits): buildConnector.connector {
  return (options, callback) => {
    open(options, limits).then(
      socket => callback(null, socket),
      error => callback(error, null),
    );
  };
}

async function open(
  options: buildConnector.Options,
  { permit, reached, signal, mostBytes, secureContext }: ConnectLimits,
): Promise<Socket> {
  const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
  // undici tells an abort only to requests that have a connection, so the guard's answer is waited for here.
  const addresses = await Promise.race([permit(options.hostname, port), abortOf(signal)]);
  const connect = buildConnector({
    timeout: CONNECT_MS,
    signal,
    lookup: onlyThese(addresses),
    autoSelectFamily: true,
    rejectUnauthorized: true,
    allowH2: false,
    // A resumed session would be state between two looks.
    maxCachedSessions: 0,
    secureContext,
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    connect(options, (error, connected) => {
      if (connected) resolve(connected);
      else reject(signal.aborted ? signal.reason : nameFailure(error, options.protocol));
    });
  });
  const peer = socket.remoteAddress;
  if (!peer || !addresses.includes(peer)) {
    socket.destroy();
    throw peer ? troubled('not-public', `reached ${peer} unbidden`) : troubled('connect', 'hung up at once');
  }
  reached?.(peer);
  // Seen here, because undici counts neither line breaks before an answer nor what surrounds its chunks.
  socket.on('readable', () => {
    if (socket.bytesRead > mostBytes) socket.destroy(troubled('broken-answer', 'more than a page'));
  });
  return socket;
}

function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function onlyThese(addresses: string[]): LookupFunction {
  const all = addresses.map(address => ({ address, family: isIP(address) }));
  return (_host, _options, done) => done(null, all);
}

/** Nothing was sent yet, so what failed is the time, the TCP connection, or else the talk about TLS. */
function nameFailure(error: Error, protocol: string): TroubledError {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return troubled('timeout', error.message);
  const overTcp = protocol === 'http:' || syscall === 'connect' || error instanceof AggregateError;
  return troubled(overTcp ? 'connect' : 'tls', error.message, error);
}
