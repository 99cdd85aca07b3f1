import { request } from 'undici';

const ANSWER_WITHIN_MS = 10_000;
const MOST_ANSWER_BYTES = 64 * 1024;

/**
 * Posts a form and reads the answer, without following where it leads, for the commands that send pings. Unlike the
 * verifier's, the address comes from the operator, so it may lie anywhere. Throws when nothing answers in 10 s.
 */
export async function postForm(
  url: string,
  form: { contentType: string; body: Uint8Array },
): Promise<{ status: number; location: string | null; body: string }> {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': form.contentType, 'user-agent': 'topichub-ping' },
    body: form.body,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) break;
  }
  const { location } = response.headers;
  return {
    status: response.statusCode,
    location: typeof location === 'string' ? location : null,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
