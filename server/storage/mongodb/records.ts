import type { Model } from 'mongoose';
import type { MentionRecord, Records } from '../records.ts';
import type { createCounting } from './counting.ts';
import { toMention, toTopic } from './docs.ts';
import type { MentionDoc, Models } from './models.ts';

type Doc = Record<string, unknown>;

/** How a collection's records are stored and found again. */
interface Form {
  model: Model<Doc>;
  toRecord: (doc: Doc) => unknown;
  toDoc: (record: Doc) => Doc;
  identity: (doc: Doc) => Doc;
}

/** MongoDB as plain records; the contract is the port's. */
export function createRecords(models: Models, counting: ReturnType<typeof createCounting>): Records {
  const { blogs, meta } = models;
  const byId = ({ _id }: Doc) => ({ _id });
  const forms = {
    topics: {
      model: models.topics,
      toRecord: toTopic,
      toDoc: ({ id, formerSlugs, ...topic }: Doc) => ({
        _id: id,
        ...topic,
        slugs: [topic['slug'], ...(formerSlugs as string[])],
      }),
      identity: byId,
    },
    mentions: { model: models.mentions, toRecord: toMentionRecord, toDoc: toMentionDoc, identity: byId },
    refusals: {
      model: models.refusals,
      toRecord: ({ _id, ...refusal }: Doc) => refusal,
      toDoc: (refusal: Doc) => refusal,
      identity: ({ key, topicId, reason, day }: Doc) => ({ key, topicId, reason, day }),
    },
  } as unknown as Record<string, Form>;

  return {
    count: collection => (forms[collection] as Form).model.countDocuments(),
    async read(collection, after, limit) {
      // What another process left would be carried along half done.
      while (after === null && collection !== 'refusals' && (await counting.finish()) > 0);
      const { model, toRecord } = forms[collection] as Form;
      const behind = after === null ? {} : { _id: { $gt: after } };
      const docs = await model.find(behind).sort({ _id: 1 }).limit(limit).lean();
      const last = docs.length === limit ? docs.at(-1) : undefined;
      return { records: docs.map(toRecord) as never[], next: last ? String(last['_id']) : null };
    },
    async write(collection, records) {
      const { model, toDoc, identity } = forms[collection] as Form;
      const docs = (records as unknown as Doc[]).map(toDoc);
      if (docs.length === 0) return;
      await model.bulkWrite(
        docs.map(doc => ({ replaceOne: { filter: identity(doc), replacement: doc, upsert: true } })),
      );
      if (collection === 'mentions') await writeBlogs(records as unknown as MentionRecord[]);
    },
    async setMoving(from) {
      if (from === null) await meta.deleteOne({ _id: 'moving' });
      else await meta.updateOne({ _id: 'moving' }, { $set: { from } }, { upsert: true });
    },
    moving: async () => (await meta.findById('moving').lean())?.from ?? null,
  };

  /** A collection of our own, which other engines do not have. */
  async function writeBlogs(mentions: MentionRecord[]): Promise<void> {
    const listed = mentions.filter(mention => mention.status === 'listed');
    if (listed.length === 0) return;
    await blogs.bulkWrite(
      listed.map(({ topicId, site }) => ({
        updateOne: { filter: { topicId, site }, update: { $setOnInsert: { topicId, site } }, upsert: true },
      })),
    );
  }
}

function toMentionRecord(doc: Doc): MentionRecord {
  const { shownDoors, pings } = doc as unknown as MentionDoc;
  return {
    ...toMention(doc as unknown as MentionDoc),
    shownDoors: shownDoors as MentionRecord['shownDoors'],
    pings,
  };
}

function toMentionDoc({ id, listedKey, ...mention }: Doc): Doc {
  return { _id: id, ...mention, ...(listedKey ? { listedKey } : {}), leaseToken: null, leaseUntil: 0 };
}
