import type { Counts } from './begin-together.ts';

/**
 * A collection for code that knows no clock but its process' own: each date it asks about or writes becomes one of
 * the database's clock, which is so far ahead, and each date it is given one of its own.
 */
export function inSharedTime(collection: Counts, aheadMs: () => number): Counts {
  return {
    async findOneAndUpdate(filter, update, options) {
      const ahead = aheadMs();
      return later(
        await collection.findOneAndUpdate(later(filter, ahead), later(update, ahead), options),
        -ahead,
      );
    },
  };
}

/** The same with every date so much later, in plain objects and lists. */
function later<Value>(value: Value, ms: number): Value {
  if (value instanceof Date) return new Date(value.getTime() + ms) as Value;
  if (Array.isArray(value)) return value.map(item => later(item, ms)) as Value;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, later(one, ms)])) as Value;
}
