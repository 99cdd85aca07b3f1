import type { Refusal } from '../mentions/mention.ts';
import type { RefusalCount } from '../mentions/refusals.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import { dateAndTime, isoTime } from '../web/helpers.ts';

/** Equal refusals of all days as one line. */
export interface ShownRefusal {
  topic: { title: string; href: string } | null;
  why: string;
  count: string | null;
  last: { iso: string; words: string };
}

/** Why a ping was turned away, said to its author; the doors have words of their own for the same. */
export const WHY_REFUSED: Readonly<Record<Refusal, string>> = {
  'no-address': 'The ping had no address of a post in it.',
  'bad-address': 'The address of the post was not a full web address.',
  'not-public': 'The address is not on the public web.',
  'too-long': 'The address of the post was longer than 2048 characters.',
  'own-address': 'The ping named an address of this hub in place of a post.',
  'not-post': 'The ping named the front page of a blog in place of one post.',
  'unknown-topic': 'There is no topic at the address that was pinged.',
  'too-large': 'The ping was too large.',
  unreadable: 'The ping could not be read.',
  blocked: 'Posts from this blog are not taken here.',
  removed: 'The post was taken off the list before, so it is not taken again.',
  'too-many': 'Too many pings came at once.',
  busy: 'The hub was busy and could not record the ping. Send it again.',
  'store-away': 'The ping could not be recorded. Send it again.',
  private: 'The post is not public, so it cannot be listed here.',
};

/** Pings that were turned away, the latest first; repeats are one line with their count. */
export function shownRefusals(
  refusals: readonly RefusalCount[],
  topicOf: (id: string) => Topic | undefined,
  urls: Urls,
): ShownRefusal[] {
  const same = Map.groupBy(refusals, ({ topicId, reason }) => `${topicId} ${reason}`);
  const merged = [...same.values()].map(group => {
    const [first] = group as [RefusalCount, ...RefusalCount[]];
    const count = group.reduce((sum, one) => sum + one.count, 0);
    return { ...first, count, last: Math.max(...group.map(one => one.last)) };
  });
  return merged
    .sort((a, b) => b.last - a.last)
    .map(({ topicId, reason, count, last }) => {
      const topic = topicId === null ? undefined : topicOf(topicId);
      return {
        topic: topic ? { title: topic.title, href: urls.topic(topic.slug) } : null,
        why: WHY_REFUSED[reason],
        count: count > 1 ? `came ${count} times` : null,
        last: { iso: isoTime(last), words: dateAndTime(last) },
      };
    });
}
