import type { Topic } from './topic.ts';

/** What an operator says of a new topic. */
export type NewTopic = Pick<Topic, 'slug' | 'title' | 'definition'>;

/**
 * Port: the topics and their counters. Contract in `test/storage/topics.contract.ts`. Counters and
 * `version` are raised by `Mentions.settle` and `Mentions.remove`, never by a page.
 */
export interface Topics {
  /** `'taken'`: a topic has, or had, this slug. */
  add(topic: NewTopic): Promise<Topic | 'taken'>;
  /** All topics, by title. */
  list(): Promise<Topic[]>;
  /** The topic with this slug, current or former; compare `topic.slug` to tell which. */
  bySlug(slug: string): Promise<Topic | null>;
  byId(id: string): Promise<Topic | null>;
  /** Gives a topic another slug, title or definition; the old slug keeps leading to it. */
  change(id: string, to: Partial<NewTopic>): Promise<Topic | 'taken' | null>;
  /** Deletes a topic and everything in it, in pieces; can be broken off and called again. */
  remove(id: string): Promise<void>;
}
