import type { Topic } from '../../topics/topic.ts';
import type { NewTopic, Topics } from '../../topics/topics.ts';
import { newId } from '../new-id.ts';
import { toTopic } from './docs.ts';
import type { TopicDoc } from './models.ts';
import type { Parts } from './parts.ts';
import { isDuplicate, tryAgain } from './try-again.ts';

const PIECE = 1_000;

/** Topics in MongoDB; the contract is the port's. */
export function createTopics({ models, now, random }: Parts): Topics {
  const { topics, mentions, refusals, blogs } = models;

  return {
    async add(topic) {
      const doc = newTopicDoc(topic, newId(random), now());
      try {
        await topics.insertMany([doc], { lean: true });
        return toTopic(doc);
      } catch (error) {
        if (isDuplicate(error) || (await topics.exists({ slugs: topic.slug }))) return 'taken';
        throw error;
      }
    },
    list: async () => (await topics.find().sort({ title: 1, _id: 1 }).lean()).map(toTopic),
    bySlug: async slug => maybe(await topics.findOne({ slugs: slug }).lean()),
    byId: async id => maybe(await topics.findById(id).lean()),
    async change(id, to) {
      const { slug } = to;
      try {
        const changed = await tryAgain(() =>
          topics
            .findByIdAndUpdate(
              id,
              {
                $set: { ...to, changedAt: now() },
                $inc: { version: 1 },
                ...(slug === undefined ? {} : { $addToSet: { slugs: slug } }),
              },
              { returnDocument: 'after' },
            )
            .lean(),
        );
        return maybe(changed);
      } catch (error) {
        const holder = slug && (await topics.findOne({ slugs: slug }).lean());
        if (holder && holder._id !== id) return 'taken';
        throw error;
      }
    },
    async remove(id) {
      await removeMentions(id);
      await topics.deleteOne({ _id: id });
      // What came in meanwhile, while the topic was still there.
      await removeMentions(id);
      await refusals.deleteMany({ topicId: id });
      await blogs.deleteMany({ topicId: id });
    },
  };

  async function removeMentions(topicId: string): Promise<void> {
    for (;;) {
      const piece = await mentions.find({ topicId }).select('_id').limit(PIECE).lean();
      if (piece.length === 0) return;
      await mentions.deleteMany({ _id: { $in: piece.map(one => one._id) } });
    }
  }
}

/** A topic as it is stored when it is new. */
export function newTopicDoc(topic: NewTopic, id: string, at: number): TopicDoc {
  return {
    _id: id,
    ...topic,
    slugs: [topic.slug],
    version: 1,
    changedAt: at,
    openedAt: at,
    posts: 0,
    blogs: 0,
    months: {},
    lastListedAt: null,
  };
}

const maybe = (doc: TopicDoc | null): Topic | null => doc && toTopic(doc);
