import type { Mention } from '../../mentions/mention.ts';
import { type Mentions, MOST_OF_POST, type TakenPing } from '../../mentions/mentions.ts';
import { newMention } from '../../mentions/new-mention.ts';
import { newId } from '../new-id.ts';
import { createClaimDue } from './claim.ts';
import type { createCounting } from './counting.ts';
import { LISTED_FIELDS, toListed, toMention } from './docs.ts';
import { doorsWith, historyWith } from './expressions.ts';
import { createLatest } from './latest.ts';
import { insertTogether } from './insert-together.ts';
import type { MentionDoc } from './models.ts';
import type { Parts } from './parts.ts';
import { createPurge } from './purge.ts';
import { createSettle } from './settle.ts';
import { together } from './together.ts';
import { isDuplicate, tryAgain } from './try-again.ts';

/** No sender waits longer for a ping to be taken. */
const TAKE_MS = 1_000;
/** Nor does he notice if his ping waits so long for others to go along. */
const COMPANY_MS = 25;

/** Mentions in MongoDB; the contract is the port's. */
export function createMentions(parts: Parts, counting: ReturnType<typeof createCounting>): Mentions {
  const { models, now, random } = parts;
  const { mentions } = models;
  const { settle, remove, addressesOf } = createSettle({ ...parts, counting });
  const claimDue = createClaimDue(parts);
  const insert = insertTogether<MentionDoc>(mentions.collection, nameOf, {
    mostMs: TAKE_MS,
    nextMs: COMPANY_MS,
  });

  return {
    take: together(
      (ping: TakenPing) => nameOf(ping),
      pings => tryAgain(tries => take(pings, tries === 1)),
      { mostMs: TAKE_MS },
    ),
    async claimDue(lease) {
      await counting.finish();
      return claimDue(lease);
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
    async putOff(token, dueInMs) {
      await mentions.updateMany(
        { leaseToken: token },
        { $set: { leaseToken: null, leaseUntil: 0, due: now() + dueInMs }, $inc: { attempts: -1 } },
      );
    },
    async nextDueIn(passOver = []) {
      const next = await mentions
        .findOne({ due: { $ne: null }, leaseUntil: { $lte: now() }, domain: { $nin: passOver } })
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
    async lookAgain(topicId, key, despiteRest = false) {
      const docs = (await addressesOf(topicId, key)).filter(doc => doc.status !== 'removed');
      // Forgotten first, or whoever claims in between puts the look off until the pause is over.
      if (despiteRest) {
        await mentions.updateMany({ key: { $in: docs.map(doc => doc.key) } }, { $set: { rest: null } });
      }
      const asked = await mentions.updateMany(
        { _id: { $in: docs.map(doc => doc._id) }, status: { $ne: 'removed' } },
        { $set: { due: now(), tries: 0 }, $inc: { pings: 1 } },
      );
      return asked.matchedCount > 0;
    },
  };

  /**
   * Pings of one post that came together. New posts are the usual case, so the insert is tried first;
   * the unique index sends the rest on. Who lost a race under another code finds the index at the next try. After a
   * fault each post goes alone, so that one which the server does not like keeps no other out.
   */
  async function take(pings: readonly TakenPing[], inCompany: boolean): Promise<Mention | 'removed'> {
    const at = now();
    const mention = newMention(newId(random), pings, at);
    const { id, listedKey: _none, ...fields } = mention;
    const doc: MentionDoc = {
      _id: id,
      ...fields,
      shownDoors: [],
      pings: pings.length,
      domain: (pings.at(-1) as TakenPing).domain,
      leaseToken: null,
      leaseUntil: 0,
    };
    const fault = await (inCompany ? insert(doc) : insertAlone(doc));
    if (!fault) return mention;
    const repeated = isDuplicate(fault) ? await repeat(doc) : null;
    if (repeated) return repeated;
    throw fault;
  }

  function insertAlone(doc: MentionDoc): Promise<unknown> {
    return mentions.collection.insertOne(doc as object).then(
      () => null,
      (fault: unknown) => fault,
    );
  }

  async function repeat(said: MentionDoc): Promise<Mention | 'removed' | null> {
    const { topicId, key, sourceUrl, domain, claim, pings, lastPingAt: at } = said;
    const rests = { $gt: ['$rest.pingsUntil', at] };
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
              domain: { $literal: domain },
              claim: { $literal: claim },
              said: { $literal: said.said },
              pings: { $add: ['$pings', pings] },
              lastPingAt: at,
              due: { $cond: [rests, { $ifNull: ['$due', '$rest.pingsUntil'] }, at] },
              tries: { $cond: [rests, '$tries', 0] },
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
}

/** What a topic has once. */
const nameOf = ({ topicId, key }: Pick<Mention, 'topicId' | 'key'>): string => `${topicId} ${key}`;
