import { connect, type Socket } from 'node:net';

/** What to ask of a server on loopback, how often and how many at a time. */
export interface Load {
  port: number;
  parallel: number;
  /** The bytes of the next request. */
  request: () => string;
  /** Stands in the first packet of every right answer. */
  expected: string;
  /** Ends after so many answers, */
  count?: number;
  /** or after this time at the latest. */
  ms: number;
}

export interface Loaded {
  answers: number;
  seconds: number;
}

const PACKET = 256 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Keeps a server busy over connections that are kept alive, with as little work per answer as possible, so that
 * the server is what is measured. Rejects at the first answer that is not the expected one.
 */
export async function load(asked: Load): Promise<Loaded> {
  const begun = performance.now();
  const end = begun + asked.ms;
  let toSend = asked.count ?? Number.POSITIVE_INFINITY;
  const mayAsk = () => toSend > 0 && performance.now() < end;
  const next = () => {
    toSend--;
    return asked.request();
  };
  const lanes = Array.from({ length: asked.parallel }, async () => {
    const counts: number[] = [];
    // A server may close a connection after some answers; the lane goes on with another one.
    while (mayAsk()) counts.push(await askAlong(asked, mayAsk, next));
    return counts;
  });
  const counts = (await Promise.all(lanes)).flat();
  const answers = counts.reduce((sum, count) => sum + count, 0);
  return { answers, seconds: (performance.now() - begun) / 1_000 };
}

/** Asks over one connection until it is closed or nothing is left to ask; resolves with the number of answers. */
function askAlong({ port, expected }: Load, mayAsk: () => boolean, next: () => string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answers = 0;
    let missing = 0;
    let last = false;
    let start = Buffer.alloc(0);

    function take(length: number, packet: Buffer): boolean {
      if (missing > 0) missing -= length;
      else {
        start = Buffer.concat([start, packet.subarray(0, length)]);
        const headEnd = start.indexOf(HEAD_END);
        if (headEnd < 0) return true;
        if (!start.includes(expected))
          fail(new Error(`not the expected answer: ${start.subarray(0, 2_000)}`));
        last = start.includes('Connection: close');
        missing = headEnd + HEAD_END.length + bodyLength(start.toString('latin1', 0, headEnd)) - start.length;
        start = Buffer.alloc(0);
      }
      if (missing === 0) {
        answers++;
        if (!last && mayAsk()) socket.write(next(), 'latin1');
        else socket.end();
      }
      return true;
    }

    function fail(error: Error): void {
      socket.destroy();
      reject(error);
    }

    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      // One buffer for all that comes, instead of a new one for each packet.
      onread: { buffer: Buffer.allocUnsafe(PACKET), callback: take as never },
    });
    socket.on('connect', () => socket.write(next(), 'latin1'));
    socket.on('error', fail);
    socket.on('close', () => resolve(answers));
  });
}

function bodyLength(head: string): number {
  return head.startsWith('HTTP/1.1 304') ? 0 : Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}
