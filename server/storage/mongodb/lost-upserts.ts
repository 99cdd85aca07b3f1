import { mongo } from 'mongoose';
import type { Counts } from './begin-together.ts';
import { DUPLICATE, isDuplicate, wasAnswered } from './try-again.ts';

/**
 * A collection for code that knows one code for what stands in the way of an upsert. Compatible servers have others; so
 * whether anything does is asked by the same change without the insert. Else a window that is over, and that the server
 * has not yet deleted, could not be begun anew.
 */
export function withLostUpserts(collection: Counts): Counts {
  return {
    async findOneAndUpdate(filter, update, options) {
      try {
        return await collection.findOneAndUpdate(filter, update, options);
      } catch (error) {
        if (!wasAnswered(error) || isDuplicate(error)) throw error;
        const changed = await collection.findOneAndUpdate(filter, update, { ...options, upsert: false });
        if (changed) return changed;
        throw new mongo.MongoServerError({ code: DUPLICATE, errmsg: (error as Error).message });
      }
    },
  };
}
