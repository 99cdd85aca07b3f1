import { aCall, readResponse } from '../support/pingback.ts';

/** Where the hub listens, and the address of a topic as blogs link to it. */
export interface Doors {
  address: string;
  topic: string;
}

/** Gives a source in at one door; true when the hub took it, and so is to look at it. */
export type GiveIn = (to: Doors, source: string, topic: string) => Promise<boolean>;

const post = (to: Doors, path: string, body: string | URLSearchParams) =>
  fetch(to.address + path, { method: 'POST', body, redirect: 'manual' });

/** Every way in which a stranger may name an address to the hub. */
export const DOORS: Readonly<Record<string, GiveIn>> = {
  async trackback(to, source, topic) {
    const answer = await post(to, `/t/${topic}/trackback`, new URLSearchParams({ url: source }));
    return (await answer.text()).includes('<error>0</error>');
  },
  async pingback(to, source, topic) {
    const answer = await post(to, '/pingback', aCall(source, `${to.topic}/${topic}`));
    return 'value' in readResponse(await answer.text());
  },
  async webmention(to, source, topic) {
    const target = `${to.topic}/${topic}`;
    return (await post(to, '/webmention', new URLSearchParams({ source, target }))).status === 201;
  },
  async form(to, source, topic) {
    return (await post(to, '/submit', new URLSearchParams({ url: source, topic }))).status === 303;
  },
  /** "Where is my ping?" has a post looked at that it does not know. */
  async where(to, source, topic) {
    return (await post(to, '/where-is-my-ping', new URLSearchParams({ url: source, topic }))).status === 303;
  },
};

/** What the preview of the form says of a source, which it looks at before it answers. */
export async function preview(to: Doors, source: string, topic: string): Promise<string> {
  return (await post(to, '/submit', new URLSearchParams({ url: source, topic, do: 'preview' }))).text();
}
