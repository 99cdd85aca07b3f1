import type { Mention } from '../mentions/mention.ts';
import type { Mentions } from '../mentions/mentions.ts';
import type { Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import { type Explained, explain } from './explain.ts';
import { isForgotten, lookableAt } from './lately.ts';

export interface KnowNeeds {
  mentions: Pick<Mentions, 'byId' | 'ofPost'>;
  topics: Pick<Topics, 'byId'>;
  urls: Urls;
  /** The engine's clock, because all it is compared with was stored by it. */
  now: () => number;
}

/** Reads what receipts tell, always from the store: a receipt that lags behind its topic page would be a lie. */
export function createKnow({ mentions, topics, urls, now }: KnowNeeds) {
  async function explained(
    mention: Mention,
    ofPost: readonly Mention[],
    { at, topicById }: { at: number; topicById: (id: string) => Promise<Topic | null> | Topic | null },
  ): Promise<Explained | null> {
    const { mergedInto, evidence } = mention;
    const miss = evidence?.miss;
    const [topic, into, otherTopic] = await Promise.all([
      topicById(mention.topicId),
      mergedInto === null ? null : (ofPost.find(one => one.id === mergedInto) ?? mentions.byId(mergedInto)),
      miss?.kind === 'other-topic' ? topicById(miss.topicId) : null,
    ]);
    if (!topic) return null;
    const sameSource = ofPost.filter(one => one.key === mention.key);
    return explain({
      mention,
      topic,
      into: mention.status === 'merged' ? into : null,
      otherTopic: mention.status === 'unlinked' ? otherTopic : null,
      lookableAt: lookableAt([mention, ...sameSource], at),
      now: at,
      urls,
    });
  }

  return {
    /** One receipt; null when there is none, or it is forgotten. */
    async one(id: string): Promise<Explained | null> {
      const mention = await mentions.byId(id);
      const at = now();
      if (!mention || isForgotten(mention, at)) return null;
      return explained(mention, await mentions.ofPost(mention.key), { at, topicById: topics.byId });
    },
    /** Every ping of a post, the latest first; `all` are the topics there are, because it may be in many of them. */
    async ofPost(key: string, all: readonly Topic[]): Promise<Explained[]> {
      const found = await mentions.ofPost(key);
      const at = now();
      const shown = found.filter(mention => !isForgotten(mention, at));
      const topicById = (id: string) => all.find(topic => topic.id === id) ?? null;
      const pings = await Promise.all(shown.map(mention => explained(mention, found, { at, topicById })));
      return pings.filter(one => one !== null);
    },
  };
}

export type Know = ReturnType<typeof createKnow>;
