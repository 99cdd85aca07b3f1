import type { Mentions } from '../mentions/mentions.ts';

/** Asks whether a post was taken down in a topic for good, so that a preview promises nothing that a ping does not get. */
export function createTakenDown(mentions: Pick<Mentions, 'find' | 'ofPost'>) {
  return {
    /** Pings of this address are refused. */
    async refused(topicId: string, key: string): Promise<boolean> {
      return (await mentions.find(topicId, key))?.status === 'removed';
    },
    /** A post that leads to this address is merged into one that was taken down; see `Mentions.settle`. */
    async merged(topicId: string, finalKey: string): Promise<boolean> {
      const found = await mentions.ofPost(finalKey);
      return found.some(
        one => one.topicId === topicId && one.listedKey === finalKey && one.status === 'removed',
      );
    },
  };
}
