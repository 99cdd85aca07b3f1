import type { Door, HistoryEvent, Status } from '../../mentions/mention.ts';
import type { ClaimedMention, Mentions, Settlement } from '../../mentions/mentions.ts';
import { newId } from '../new-id.ts';
import type { createCounting } from './counting.ts';
import { historyWith } from './expressions.ts';
import type { MentionDoc, Uncounted } from './models.ts';
import type { Parts } from './parts.ts';
import { monthOf } from './recount.ts';
import { isDuplicate, tryAgain } from './try-again.ts';

type Result = Awaited<ReturnType<Mentions['settle']>>;

/** A post in these states keeps its listing from all other addresses of it. */
const KEEPS_LISTING: ReadonlySet<Status> = new Set<Status>(['listed', 'removed']);

const STALE: Result = { result: 'stale', visible: false };

/** The two changes that can alter a topic's public list; each one atomic update of one document, then its counting. */
export function createSettle(parts: Parts & { counting: ReturnType<typeof createCounting> }) {
  const { models, now, random, counting } = parts;
  const { mentions } = models;

  /** Under its token nobody else changes the fields a settle decides about, so they may be read first. */
  async function settle(token: string, claimed: ClaimedMention, found: Settlement): Promise<Result> {
    const { id, topicId } = claimed;
    const wished = found.status === 'listed' ? found.finalKey : undefined;
    const ours = { _id: id, leaseToken: token };
    const docs = await mentions
      .find(wished === undefined ? ours : { $or: [ours, holderOf(topicId, wished)] })
      .lean();
    const before = docs.find(doc => doc._id === id && doc.leaseToken === token);
    if (!before) return STALE;
    const finalKey = before.listedKey ? null : (wished ?? null);
    const holder = finalKey && docs.find(doc => doc.listedKey === finalKey);
    if (holder && KEEPS_LISTING.has(holder.status))
      return write(token, before, claimed, found, { into: holder });
    if (holder) await yieldListing(holder);
    const place = { listedKey: finalKey, listedAt: holder ? holder.listedAt : null };
    try {
      return await write(token, before, claimed, found, place);
    } catch (error) {
      // Two addresses of one post, settled at the same moment: the other one was faster.
      if (!finalKey || !isDuplicate(error)) throw error;
      return settle(token, claimed, found);
    }
  }

  async function write(
    token: string,
    before: MentionDoc,
    claimed: ClaimedMention,
    found: Settlement,
    listing: { into: MentionDoc } | { listedKey: string | null; listedAt: number | null },
  ): Promise<Result> {
    const at = now();
    const into = 'into' in listing ? listing.into : null;
    const status: Status = into ? 'merged' : found.status;
    const dueThen = into || found.dueIn === null ? null : at + found.dueIn;
    const shownDoors = before.doors.map(door => door.via);
    const { finalUrl, site, page, shown, evidence, sight, rest } = found;
    const fields: Partial<MentionDoc> = {
      status,
      attempts: 0,
      failing: found.failing,
      rest: rest ? { pingsUntil: at + rest.pingsMs, allUntil: at + rest.allMs } : null,
      mergedInto: into ? into._id : status === 'merged' ? before.mergedInto : null,
      shownDoors,
      listedAt:
        before.listedAt ??
        ('listedAt' in listing ? listing.listedAt : null) ??
        (status === 'listed' ? at : null),
      leaseToken: null,
      leaseUntil: 0,
      ...(finalUrl === undefined ? {} : { finalUrl }),
      ...(site === undefined ? {} : { site }),
      ...(page === undefined ? {} : { page }),
      ...(shown === undefined ? {} : { shown }),
      ...(evidence === undefined ? {} : { evidence: { ...evidence, at } }),
      ...('listedKey' in listing && listing.listedKey ? { listedKey: listing.listedKey } : {}),
    };
    const uncounted = owed(before, { ...before, ...fields }, into);
    const literals = Object.entries({ ...fields, ...(uncounted ? { uncounted } : {}) });
    const events: HistoryEvent[] = [];
    if (sight) events.push({ at, kind: 'looked', ...sight });
    if (status !== before.status) events.push({ at, kind: 'became', status });
    const pinged = { $ne: ['$pings', claimed.pings] };
    const owedAgain = rest ? false : pinged;
    const owedThen = rest ? (dueThen ?? at + rest.pingsMs) : at;
    const written = await mentions.updateOne(
      { _id: before._id, leaseToken: token },
      [
        {
          $set: {
            ...Object.fromEntries(literals.map(([name, value]) => [name, { $literal: value }])),
            due: { $cond: [pinged, owedThen, dueThen] },
            tries: { $cond: [owedAgain, 0, found.tries] },
            history: historyWith(events),
          },
        },
      ],
      { updatePipeline: true },
    );
    if (written.matchedCount === 0) return STALE;
    if (before.status === 'listed' && status !== 'listed') await oweMerged(before._id, at);
    if (uncounted) await counting.settleMark({ _id: before._id, topicId: before.topicId, uncounted });
    return { result: into ? 'merged' : 'settled', visible: uncounted !== null };
  }

  /** The holder lost its listing, so another address of the post may have its place. */
  async function yieldListing({ _id, status }: MentionDoc): Promise<void> {
    await mentions.updateOne({ _id, status }, { $unset: { listedKey: 1 } });
  }

  /** What was merged into a listing that is lost may be the post itself. */
  async function oweMerged(id: string, at: number): Promise<void> {
    await mentions.updateMany({ mergedInto: id, status: 'merged' }, { $set: { due: at } });
  }

  /** All that is stored of a post: under this address, under the address it is listed with, and what it was merged into. */
  async function addressesOf(topicId: string, key: string): Promise<MentionDoc[]> {
    const docs = await mentions.find({ topicId, $or: [{ key }, { listedKey: key }] }).lean();
    const into = docs
      .map(doc => doc.mergedInto)
      .filter(id => id !== null && !docs.some(doc => doc._id === id));
    return into.length === 0 ? docs : [...docs, ...(await mentions.find({ _id: { $in: into } }).lean())];
  }

  async function remove(topicId: string, key: string): Promise<boolean> {
    const docs = await addressesOf(topicId, key);
    for (const { _id } of docs) await removeOne(_id);
    return docs.length > 0;
  }

  async function removeOne(_id: string): Promise<void> {
    const before = await mentions.findById(_id).lean();
    if (!before || before.status === 'removed') return;
    const fields = { status: 'removed' as const, due: null, leaseToken: null, leaseUntil: 0 };
    const uncounted = owed(before, { ...before, ...fields }, null);
    const history = historyWith([{ at: now(), kind: 'became', status: 'removed' }]);
    const change = { ...fields, ...(uncounted ? { uncounted: { $literal: uncounted } } : {}), history };
    const written = await tryAgain(() =>
      mentions.updateOne({ _id, status: before.status }, [{ $set: change }], { updatePipeline: true }),
    );
    // A look was settled meanwhile, so what is owed is another thing.
    if (written.matchedCount === 0) return removeOne(_id);
    if (uncounted) await counting.settleMark({ _id, topicId: before.topicId, uncounted });
    // So that no other address of it is listed; where another has it, that one is taken down too.
    await mentions
      .updateOne({ _id, listedKey: { $exists: false } }, { $set: { listedKey: before.key } })
      .catch(error => {
        if (!isDuplicate(error)) throw error;
      });
  }

  /** What the topic's counters and version owe to a change; null when the public list stays as it is. */
  function owed(before: MentionDoc, after: MentionDoc, into: MentionDoc | null): Uncounted | null {
    const shows = (doc: MentionDoc) => doc.status === 'listed';
    const newDoors = into !== null && shows(into) && before.doors.some(({ via }) => !hasDoor(into, via));
    const changed = shows(before) !== shows(after) || (shows(after) && !looksSame(before, after));
    if (!changed && !newDoors) return null;
    return {
      token: newId(random),
      sites: changed ? [...new Set([before.site, after.site])] : [],
      months: changed ? [monthOf(after.listedAt ?? 0)] : [],
      into: into?._id ?? null,
    };
  }

  return { settle, remove, addressesOf };
}

/** Who holds the listing of this address in a topic; by the type, MongoDB knows that the index of listings has it. */
export const holderOf = (topicId: string, listedKey: string) => ({
  topicId,
  listedKey: { $eq: listedKey, $type: 'string' as const },
});

const hasDoor = (doc: MentionDoc, via: Door): boolean => doc.shownDoors.includes(via);

function looksSame(before: MentionDoc, after: MentionDoc): boolean {
  const visible = ({ shown, shownDoors, finalUrl }: MentionDoc) => [
    shown?.title,
    shown?.excerpt,
    shown?.blogName,
    shown?.language,
    ...shownDoors,
    finalUrl,
  ];
  return JSON.stringify(visible(before)) === JSON.stringify(visible(after));
}
