import type { Parts } from './parts.ts';
import { isDuplicate } from './try-again.ts';

const BYTES = 32;

/**
 * A random key that all processes on the database share for one day (UTC). The next day's takes its place in the
 * same document, so that nothing hashed with an older one can be traced back.
 */
export function createDailyKey({ models, now, random }: Parts): () => Promise<string> {
  const { meta } = models;
  let known: { day: string; key: string } | undefined;

  async function shared(day: string): Promise<string> {
    const stored = await meta.findById('daily-key').lean();
    // Another process may be a moment ahead, at midnight.
    if (stored?.day && stored.key && stored.day >= day) return stored.key;
    const key = Buffer.from(random(BYTES)).toString('base64url');
    const older = { _id: 'daily-key', day: { $lt: day } };
    await meta.updateOne(older, { $set: { day, key } }, { upsert: true }).catch(error => {
      // Another process was faster.
      if (!isDuplicate(error)) throw error;
    });
    return (await meta.findById('daily-key').lean())?.key ?? key;
  }

  return async () => {
    const day = new Date(now()).toISOString().slice(0, 10);
    if (known?.day !== day) known = { day, key: await shared(day) };
    return known.key;
  };
}
