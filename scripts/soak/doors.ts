import { postForm } from '../../server/net/post-form.ts';
import { escapeXml } from '../../server/text/xml.ts';
import { composePing } from '../../server/trackback/compose-ping.ts';
import type { Answered } from './ledger.ts';
import { BASE_URL, type Post, titleOf } from './posts.ts';

/** The doors a post can be sent through. */
export const DOORS = ['trackback', 'pingback', 'webmention', 'form'] as const;
export type Door = (typeof DOORS)[number];

const FORM = 'application/x-www-form-urlencoded';
/** What TrackBack and Pingback say, which know no status. */
const TOO_MANY = /Too many pings at once/;

/** What is posted, to which path, in which form. */
interface Letter {
  path: string;
  contentType: string;
  body: Uint8Array;
}

const LETTERS: Readonly<Record<Door, (post: Post, url: string) => Letter>> = {
  trackback: (post, url) => ({
    path: `/t/${post.topic}/trackback`,
    ...composePing({ url, title: titleOf(post), blogName: 'A soaked blog' }),
  }),
  pingback: (post, url) => ({
    path: '/pingback',
    contentType: 'text/xml',
    body: Buffer.from(`<?xml version="1.0"?><methodCall><methodName>pingback.ping</methodName><params>
<param><value><string>${escapeXml(url)}</string></value></param>
<param><value><string>${targetOf(post)}</string></value></param></params></methodCall>`),
  }),
  webmention: (post, url) => ({
    path: '/webmention',
    contentType: FORM,
    body: Buffer.from(`${new URLSearchParams({ source: url, target: targetOf(post) })}`),
  }),
  form: (post, url) => ({
    path: '/submit',
    contentType: FORM,
    body: Buffer.from(`${new URLSearchParams({ url, topic: post.topic })}`),
  }),
};

/** Sends a post, under one of its addresses, through a door of the hub at `address`. Throws when no answer comes. */
export async function sendThrough(door: Door, address: string, post: Post, url: string): Promise<Answered> {
  const { path, ...letter } = LETTERS[door](post, url);
  return read(door, await postForm(address + path, letter));
}

/** An answer as the senders of its protocol read it. */
function read(door: Door, { status, location, body }: Awaited<ReturnType<typeof postForm>>): Answered {
  const accepted: Readonly<Record<Door, boolean>> = {
    trackback: body.includes('<error>0</error>'),
    pingback: body.includes('<params>') && !body.includes('fault'),
    webmention: status === 201,
    form: status === 303,
  };
  const receipt = /\/pings\/(\w+)/.exec(`${location} ${body}`)?.[1] ?? null;
  if (accepted[door]) return { outcome: 'acknowledged', words: '', receipt };
  const words = /<(?:message|string)>([^<]*)</.exec(body)?.[1] ?? `${status} at the door ${door}`;
  const outcome = status === 429 || TOO_MANY.test(words) ? 'too-many' : 'refused';
  return { outcome, words, receipt: null };
}

function targetOf({ topic }: Post): string {
  return `${BASE_URL}/t/${topic}`;
}
