import type { Mention } from '../../mentions/mention.ts';
import { type Claim, type Mentions, MOST_OF_POST, type TakenPing } from '../../mentions/mentions.ts';
import { newMention } from '../../mentions/new-mention.ts';
import { newId } from '../new-id.ts';
import type { createCounting } from './counting.ts';
import { LISTED_FIELDS, toClaimed, toListed, toMention } from './docs.ts';
import { doorsWith, historyWith } from './expressions.ts';
import { createLatest } from './latest.ts';
import type { MentionDoc } from './models.ts';
import type { Parts } from './parts.ts';
import { createPurge } from './purge.ts';
import { createSettle } from './settle.ts';
import { together } from './together.ts';
import { tryAgain } from './try-again.ts';

/** Claims that are asked for side by side; more of them get into each other's way. */
const CLAIMS_AT_ONCE = 8;

/** Mentions in MongoDB; the contract is the port's. */
export function createMentions(parts: Parts, counting: ReturnType<typeof createCounting>): Mentions {
  const { models, now, random } = parts;
  const { mentions } = models;
  const { settle, remove, addressesOf } = createSettle({ ...parts, counting });
  const isFree = (at: number) => ({ due: { $lte: at }, leaseUntil: { $lte: at } });

  return {
    take: together(
      ping => `${ping.topicId} ${ping.key}`,
      pings => tryAgain(() => take(pings)),
    ),
    async claimDue({ forMs, limit }) {
      await counting.finish();
      const claims: (Claim & { due: number })[] = [];
      // The first alone, because most often nothing is due.
      for (let wave = 1; claims.length < limit; wave = CLAIMS_AT_ONCE) {
        const size = Math.min(wave, limit - claims.length);
        const found = await Promise.all(Array.from({ length: size }, () => claimOne(forMs)));
        claims.push(...found.filter(claim => claim !== null));
        if (found.includes(null)) break;
      }
      return claims.sort((a, b) => a.due - b.due).map(({ due: _due, ...claim }) => claim);
    },
    settle,
    remove,
    purge: createPurge(parts),
    async release(token, dueInMs) {
      await mentions.updateMany(
        { leaseToken: token },
        { $set: { leaseToken: null, leaseUntil: 0, due: now() + dueInMs } },
      );
    },
    async nextDueIn() {
      const next = await mentions
        .findOne({ due: { $ne: null }, leaseUntil: { $lte: now() } })
        .sort({ due: 1 })
        .select('due')
        .lean();
      return next?.due == null ? null : Math.max(0, next.due - now());
    },
    countDue: () => mentions.countDocuments({ due: { $lte: now() } }),
    async listed(topicId, limit, before) {
      const older = before && {
        $or: [{ listedAt: { $lt: before.listedAt } }, { listedAt: before.listedAt, _id: { $lt: before.id } }],
      };
      const docs = await mentions
        .find({ topicId, status: 'listed', ...older })
        .sort({ listedAt: -1, _id: -1 })
        .limit(limit)
        .select(LISTED_FIELDS)
        .lean();
      return docs.map(toListed);
    },
    latest: createLatest(parts),
    async find(topicId, key) {
      const doc = await mentions.findOne({ topicId, key }).lean();
      return doc && toMention(doc);
    },
    async byId(id) {
      const doc = await mentions.findById(id).lean();
      return doc && toMention(doc);
    },
    async ofPost(key) {
      const newest = (filter: object) =>
        mentions.find(filter).sort({ lastPingAt: -1, _id: 1 }).limit(MOST_OF_POST).lean();
      const same = await newest({ $or: [{ key }, { listedKey: key }] });
      const ids = new Set(same.flatMap(doc => [doc._id, ...(doc.mergedInto ? [doc.mergedInto] : [])]));
      return (ids.size === same.length ? same : await newest({ _id: { $in: [...ids] } })).map(toMention);
    },
    async all(topicId, limit) {
      const docs = await mentions.find({ topicId }).sort({ lastPingAt: -1 }).limit(limit).lean();
      return docs.map(toMention);
    },
    async lookAgain(topicId, key) {
      const ids = (await addressesOf(topicId, key)).map(doc => doc._id);
      const asked = await mentions.updateMany(
        { _id: { $in: ids }, status: { $ne: 'removed' } },
        { $set: { due: now(), tries: 0 }, $inc: { pings: 1 } },
      );
      return asked.matchedCount > 0;
    },
  };

  /**
   * Pings of one post that came together. New posts are the usual case, so the insert is tried first;
   * the unique index sends the rest on.
   */
  async function take(pings: readonly TakenPing[]): Promise<Mention | 'removed'> {
    const at = now();
    const mention = newMention(newId(random), pings, at);
    const { id, listedKey: _none, ...fields } = mention;
    const doc: MentionDoc = {
      _id: id,
      ...fields,
      shownDoors: [],
      pings: pings.length,
      leaseToken: null,
      leaseUntil: 0,
    };
    try {
      await mentions.insertMany([doc], { lean: true });
      return mention;
    } catch (error) {
      const repeated = await repeat(doc);
      if (repeated) return repeated;
      throw error;
    }
  }

  async function repeat(said: MentionDoc): Promise<Mention | 'removed' | null> {
    const { topicId, key, sourceUrl, claim, pings, lastPingAt: at } = said;
    const doc = await mentions
      .findOneAndUpdate(
        { topicId, key, status: { $ne: 'removed' } },
        [
          {
            $set: {
              doors: doorsWith(
                said.doors.map(door => door.via),
                at,
              ),
              sourceUrl: { $literal: sourceUrl },
              claim: { $literal: claim },
              said: { $literal: said.said },
              pings: { $add: ['$pings', pings] },
              lastPingAt: at,
              due: at,
              tries: 0,
              history: historyWith(said.history),
            },
          },
        ],
        { returnDocument: 'after', updatePipeline: true },
      )
      .lean();
    if (doc) return toMention(doc);
    return (await mentions.exists({ topicId, key })) ? 'removed' : null;
  }

  /** One source under one token: the longest owed mention, then whatever else of its key is due. */
  async function claimOne(forMs: number): Promise<(Claim & { due: number }) | null> {
    const at = now();
    const token = newId(random);
    const lease = { $set: { leaseToken: token, leaseUntil: at + forMs }, $inc: { attempts: 1 } };
    const first = await tryAgain(() =>
      mentions.findOneAndUpdate(isFree(at), lease, { sort: { due: 1 }, returnDocument: 'after' }).lean(),
    );
    if (!first) return null;
    const { key } = first;
    const others = await mentions.updateMany({ key, ...isFree(at) }, lease);
    const docs = others.modifiedCount > 0 ? await mentions.find({ leaseToken: token }).lean() : [first];
    return { token, key, due: first.due ?? at, mentions: docs.map(doc => toClaimed(doc, at)) };
  }
}
