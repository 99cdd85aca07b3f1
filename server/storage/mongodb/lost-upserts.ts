import { mongo } from 'mongoose';
import type { Counts } from './begin-together.ts';
import { DUPLICATE, isDuplicate, wasAnswered } from './try-again.ts';

/**
 * Counts for a caller that knows one code for what stands in the way of an upsert. Compatible servers have others, so it
 * is asked for: else a window that is over, and that the server has not yet deleted, could not be begun anew. Where
 * nothing is in the way the fault is another and stays what it is, or the caller would try for ever.
 */
export function withLostUpserts(collection: Counts & Pick<mongo.Collection, 'countDocuments'>): Counts {
  return {
    async findOneAndUpdate(filter, update, options) {
      try {
        return await collection.findOneAndUpdate(filter, update, options);
      } catch (error) {
        if (!wasAnswered(error) || isDuplicate(error)) throw error;
        const changed = await collection.findOneAndUpdate(filter, update, { ...options, upsert: false });
        if (changed) return changed;
        if ((await collection.countDocuments({ key: filter['key'] })) === 0) throw error;
        throw new mongo.MongoServerError({ code: DUPLICATE, errmsg: (error as Error).message });
      }
    },
  };
}
