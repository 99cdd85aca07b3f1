import iconv from 'iconv-lite';

/** What a blog says when it pings (TrackBack 1.2): the address is needed, the rest is not. */
export interface PingFields {
  url: string;
  title?: string | undefined;
  excerpt?: string | undefined;
  blogName?: string | undefined;
}

const BODY_NAMES = { url: 'url', title: 'title', excerpt: 'excerpt', blogName: 'blog_name' } as const;

/** A ping as a form in the charset a blog writes in. Throws when the charset is unknown. */
export function composePing(
  fields: PingFields,
  charset = 'utf-8',
): { contentType: string; body: Uint8Array } {
  if (!iconv.encodingExists(charset)) throw new Error(`The charset ${charset} is not known.`);
  const pairs = (Object.keys(BODY_NAMES) as (keyof PingFields)[]).flatMap(name => {
    const value = fields[name];
    return value === undefined ? [] : [`${BODY_NAMES[name]}=${escapeForm(iconv.encode(value, charset))}`];
  });
  return {
    contentType: `application/x-www-form-urlencoded; charset=${charset}`,
    body: Buffer.from(pairs.join('&'), 'ascii'),
  };
}

function escapeForm(bytes: Uint8Array): string {
  return Array.from(bytes, byte => {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9._~-]/.test(char)) return char;
    return byte === 0x20 ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
