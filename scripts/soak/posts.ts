import { STARTER_TOPICS } from '../../server/topics/topic.ts';
import type { Chance } from './chance.ts';

/** The hub's public address in a run; nobody resolves it, posts only link to it. */
export const BASE_URL = 'http://hub.test';

/** What a post is like: it links to its topic, does so but answers slowly, or has no link. */
export type Kind = 'linked' | 'slow' | 'plain';

/** A post of one of the soak's blogs, which pings one topic. Everything about it stands in its address. */
export interface Post {
  id: number;
  kind: Kind;
  topic: string;
  url: string;
}

/** A new post on one of the blogs (`host:port`); most are ordinary ones. */
export function newPost(id: number, blogs: readonly string[], chance: Chance): Post {
  const topic = chance.pick(STARTER_TOPICS).slug;
  const kind = chance.happens(0.1) ? 'slow' : chance.happens(0.15) ? 'plain' : 'linked';
  return { id, kind, topic, url: `http://${chance.pick(blogs)}/${topic}/${kind}/${id}` };
}

/** The post at an address of ours, in any of its spellings; null for any other address. */
export function readPost(address: string): Post | null {
  const [, topic = '', kind = '', number = ''] =
    /^\/([a-z-]+)\/(linked|slow|plain)\/(\d+)\/?$/.exec(new URL(address).pathname) ?? [];
  return number ? { id: Number(number), kind: kind as Kind, topic, url: address } : null;
}

/** The same post under an address that blog software also sends: all of them must be one mention. */
export function otherSpelling({ url }: Post, chance: Chance): string {
  return url + chance.pick(['', '/', '#comments', '?utm_source=soak']);
}

export const titleOf = ({ id }: Post): string => `Post number ${id}`;

/** The post's page. */
export function pageOf(post: Post): string {
  const words = 'what everybody reads';
  const link = post.kind === 'plain' ? words : `<a href="${BASE_URL}/t/${post.topic}">${words}</a>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${titleOf(post)}</title></head>
<body><h1>${titleOf(post)}</h1><p>Written while something broke, and sent to ${link} all the same.</p></body></html>`;
}
