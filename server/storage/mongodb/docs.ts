import type { Mention } from '../../mentions/mention.ts';
import type { ClaimedMention, Listed } from '../../mentions/mentions.ts';
import type { Topic } from '../../topics/topic.ts';
import type { MentionDoc, TopicDoc } from './models.ts';

/** The fields of a list, so that it never reads histories. */
export const LISTED_FIELDS =
  'finalUrl sourceUrl listedKey site shown shownDoors listedAt page.author page.published';

/** What may be long, and no look asks about. */
const UNCLAIMED = ['history', 'said', 'doors', 'shownDoors'] as const;

/** What a claim is made of. */
export type ClaimedDoc = Omit<MentionDoc, (typeof UNCLAIMED)[number]>;
export const CLAIMED_FIELDS = UNCLAIMED.map(field => `-${field}`).join(' ');

/** What the worker gets of a document that was claimed at `at`. */
export function toClaimed(doc: ClaimedDoc, at: number): ClaimedMention {
  const known = basics(doc);
  const { evidence } = known;
  return {
    ...known,
    sincePing: at - doc.lastPingAt,
    sinceLook: evidence && at - evidence.at,
    pings: doc.pings,
  };
}

function basics(doc: ClaimedDoc) {
  const { _id, topicId, key, sourceUrl, status, claim, shown, tries, attempts, failing } = doc;
  return {
    id: _id,
    topicId,
    key,
    sourceUrl,
    status,
    claim,
    shown,
    tries,
    attempts,
    failing,
    listedKey: doc.listedKey ?? null,
    page: doc.page,
    evidence: doc.evidence ?? null,
  };
}

/** A mention from its document. */
export function toMention(doc: MentionDoc): Mention {
  const { finalUrl, mergedInto, site, doors, firstPingAt, lastPingAt, listedAt, due, history } = doc;
  return {
    ...basics(doc),
    finalUrl,
    mergedInto,
    site,
    doors,
    // Mentions of an older hub have neither.
    said: doc.said ?? null,
    rest: doc.rest ?? null,
    firstPingAt,
    lastPingAt,
    listedAt,
    due,
    history,
  };
}

/** A public entry from its document. */
export function toListed(doc: MentionDoc): Listed {
  return {
    id: doc._id,
    url: doc.finalUrl ?? doc.sourceUrl,
    listedKey: doc.listedKey as string,
    site: doc.site,
    shown: doc.shown as Listed['shown'],
    doors: doc.shownDoors as Listed['doors'],
    listedAt: doc.listedAt as number,
    author: doc.page?.author ?? null,
    published: doc.page?.published ?? null,
  };
}

/** A topic from its document. */
export function toTopic({ _id, slugs, ...doc }: TopicDoc): Topic {
  return { id: _id, ...doc, formerSlugs: slugs.filter(slug => slug !== doc.slug).sort() };
}
