import { mongo } from 'mongoose';
import { serveBench } from './helper.ts';

/** A database with the hub's indexes, and a document as the hub writes it. */
export interface RawInserts {
  uri: string;
  doc: Record<string, unknown> & { _id: string; key: string; sourceUrl: string };
}

export interface InsertsAsked {
  inserts: number;
  parallel: number;
}

/** The bare driver: inserts the same document under other keys, each on its own, as safely as the hub does. */
serveBench<RawInserts, null, InsertsAsked, { perSecond: number }>(async ({ uri, doc }) => {
  const client = new mongo.MongoClient(uri, { writeConcern: { w: 'majority', journal: true } });
  await client.connect();
  const mentions = client.db().collection<{ _id: string }>('mentions');
  let number = 100_000_000;
  return {
    ready: null,
    async answer({ inserts, parallel }) {
      let left = inserts;
      const begun = performance.now();
      const lanes = Array.from({ length: parallel }, async () => {
        while (left-- > 0) {
          const n = number++;
          await mentions.insertOne({
            ...doc,
            _id: `0${n}`,
            key: doc.key + n,
            sourceUrl: doc.sourceUrl + n,
          } as never);
        }
      });
      await Promise.all(lanes);
      return { perSecond: inserts / ((performance.now() - begun) / 1_000) };
    },
  };
});
