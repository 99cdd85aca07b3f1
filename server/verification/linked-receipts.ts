import type { ClaimedMention } from '../mentions/mentions.ts';
import type { TopicAt } from './evidence.ts';
import type { Followed } from './follow.ts';
import type { Found } from './hop.ts';

/**
 * A link to any receipt of a topic counts as a link to the topic. The thread cannot tell, since which topic a
 * receipt belongs to is written in the store: it names the links to this hub, and here they are asked about.
 */
export async function countReceipts(
  look: Followed,
  wanted: readonly Pick<ClaimedMention, 'id' | 'topicId'>[],
  topicAt: TopicAt,
): Promise<Followed> {
  const { answer } = look;
  if (answer.kind !== 'page') return look;
  const topicOf = new Map(wanted.map(({ id, topicId }) => [id, topicId]));
  const found: Found[] = [];
  for (const one of answer.found) found.push(await withReceipt(one, topicOf.get(one.id), topicAt));
  return { ...look, answer: { ...answer, found } };
}

async function withReceipt(found: Found, topicId: string | undefined, topicAt: TopicAt): Promise<Found> {
  for (const { key, address, sentence } of found.instead?.links ?? []) {
    const topic = await topicAt(key);
    if (topic?.receipt && topic.id === topicId) {
      return { ...found, link: { to: 'receipt', address, sentence }, instead: null };
    }
  }
  return found;
}
