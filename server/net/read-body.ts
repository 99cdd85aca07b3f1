import { type Duplex, pipeline } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from 'node:zlib';

/** The content codings that are understood, as `Accept-Encoding` names them. */
export const CODINGS = 'gzip, deflate, br';

export type Coding = 'identity' | 'gzip' | 'deflate' | 'br';

type Pieces = AsyncIterable<Uint8Array>;

/** One decoder step: the bytes that are held besides what was kept. */
const PIECE_BYTES = 64 * 1024;

/**
 * The one coding a `Content-Encoding` names; null when it names another, or several on top of each
 * other, which nobody needs for a page and which multiply what few bytes can unfold to.
 */
export function codingOf(header: string): Coding | null {
  const name = header.trim().toLowerCase();
  if (name === '' || name === 'identity') return 'identity';
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  return name === 'deflate' || name === 'br' ? name : null;
}

/**
 * The first `most` decoded bytes of a body; what comes after them is neither decoded nor fetched. Decoding
 * goes piece by piece, so a few bytes that unfold to gigabytes cost no more than `most`. Rejects with the
 * error of the stream, or of the decoder when the bytes are not in that coding or end in the middle of it.
 */
export async function readBody(body: Pieces, coding: Coding, most: number): Promise<Uint8Array> {
  // Copied, because a piece of one byte may hold on to the whole packet it came in.
  let kept = new Uint8Array(PIECE_BYTES);
  let length = 0;
  for await (const piece of await decoded(body, coding)) {
    const fitting = piece.subarray(0, most - length);
    if (length + fitting.length > kept.length) kept = grown(kept, length + fitting.length);
    kept.set(fitting, length);
    length += fitting.length;
    if (length === most) break;
  }
  return kept.subarray(0, length);
}

function grown(bytes: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(atLeast, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

async function decoded(body: Pieces, coding: Coding): Promise<Pieces> {
  const options = { chunkSize: PIECE_BYTES };
  if (coding === 'gzip') return through(body, createGunzip(options));
  if (coding === 'br') return through(body, createBrotliDecompress(options));
  if (coding === 'deflate') return inflated(body, options);
  return body;
}

/** Half the servers that say "deflate" mean zlib (RFC 9110), the others leave its header out; browsers take both. */
async function inflated(body: Pieces, options: ZlibOptions): Promise<Pieces> {
  const pieces = body[Symbol.asyncIterator]();
  const start = await pieces.next();
  if (start.done) return body;
  const hasHeader = ((start.value[0] ?? 0) & 0x0f) === 8;
  async function* whole() {
    yield start.value;
    yield* { [Symbol.asyncIterator]: () => pieces };
  }
  return through(whole(), hasHeader ? createInflate(options) : createInflateRaw(options));
}

function through(body: Pieces, decoder: Duplex): Pieces {
  // Whoever reads the decoder is told of every error by the decoder itself.
  return pipeline(body, decoder, () => {});
}
