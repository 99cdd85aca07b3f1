import { readdirSync, readFileSync } from 'node:fs';

const RECORDED = new URL('../fixtures/recorded/', import.meta.url);

/** The names of what real software was recorded sending. */
export const recordings = (): string[] => readdirSync(RECORDED);

/** The requests of a recording, byte for byte, as its head says where each begins. */
export function requestsOf(name: string): Buffer[] {
  const recording = readFileSync(new URL(name, RECORDED));
  const requests: Buffer[] = [];
  const frame = /--- request \d+ of \d+, .*?(\d+) bytes ---\n/g;
  const text = recording.toString('latin1');
  for (let match = frame.exec(text); match; match = frame.exec(text)) {
    requests.push(recording.subarray(frame.lastIndex, frame.lastIndex + Number(match[1])));
  }
  return requests;
}

/** A recorded request with other words in it, and the Content-Length that they make. */
export function reworded(request: Buffer, words: Record<string, string>): string {
  const text = Object.entries(words).reduce((all, [from, to]) => all.replaceAll(from, to), `${request}`);
  const body = text.slice(text.indexOf('\r\n\r\n') + 4);
  return text.replace(/(content-length: )\d+/i, `$1${Buffer.byteLength(body)}`);
}
