import type { Met, NearMiss } from '../mentions/mention.ts';
import type { ClaimedMention } from '../mentions/mentions.ts';
import type { TopicOfKey } from '../topics/targets.ts';
import type { Followed } from './follow.ts';
import type { Instead } from './hop.ts';

/** Asks the store for the topic that a key is about. */
export type TopicAt = (key: string) => Promise<TopicOfKey | null>;

/** What a look met of one of its mentions; what it makes of that (`saw`) is the outcome's to say. */
export async function evidenceOf(
  topicAt: TopicAt,
  { id, topicId }: Pick<ClaimedMention, 'id' | 'topicId'>,
  { answer, finalUrl, redirects, tookMs }: Followed,
): Promise<Omit<Met, 'saw'>> {
  const page = answer.kind === 'page' ? answer : null;
  const found = page?.found.find(one => one.id === id);
  const miss = page && found?.instead ? await missOf(topicAt, topicId, page.links, found.instead) : null;
  return {
    finalUrl,
    redirects,
    tookMs,
    status: answer.status ?? null,
    bytes: page?.bytes ?? null,
    links: page?.links ?? null,
    link: found?.link ?? null,
    miss,
  };
}

/**
 * The first of look.md's nearest misses that fits. A link to this hub that is not near and leads to no topic is
 * the last to be named, but before a page is said to have none.
 */
async function missOf(
  topicAt: TopicAt,
  topicId: string,
  links: number,
  { links: toHub, frontPage, bare, hidden }: Instead,
): Promise<NearMiss> {
  let otherTopic: NearMiss | null = null;
  let far: NearMiss | null = null;
  for (const { key, near, address, sentence } of toHub) {
    const topic = await topicAt(key);
    const leadsAway = topic !== null && topic.id !== topicId;
    if (leadsAway) otherTopic ??= { kind: 'other-topic', topicId: topic.id, address, sentence };
    else if (near) return { kind: 'differs', address, sentence };
    else far ??= { kind: 'differs', address, sentence };
  }
  if (frontPage) return { kind: 'front-page', ...frontPage };
  if (otherTopic) return otherTopic;
  if (bare) return { kind: 'not-a-link', ...bare };
  // Before what is hidden: a page that a script builds has its links in there.
  if (links === 0) return { kind: 'no-links' };
  if (hidden) return { kind: 'hidden', ...hidden };
  return far ?? { kind: 'elsewhere' };
}
