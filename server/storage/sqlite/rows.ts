import type { SQLOutputValue } from 'node:sqlite';
import type { Door, DoorUse, Evidence, Mention, PageFacts, Shown } from '../../mentions/mention.ts';
import type { ClaimedMention, Listed } from '../../mentions/mentions.ts';
import type { RefusalCount } from '../../mentions/refusals.ts';
import type { Topic } from '../../topics/topic.ts';

/** A row as the driver hands it out. */
export type Row = Record<string, SQLOutputValue>;

/** The columns of `toListed`, so that lists never read histories. */
export const LISTED_COLUMNS =
  'id, final_url, source_url, listed_key, site, shown, shown_doors, listed_at, page';

/** Of `topics t`, with all slugs a topic has or had. */
export const TOPIC_COLUMNS =
  't.*, (SELECT json_group_array(slug) FROM topic_slugs WHERE topic = t.id) AS slugs';

const text = (row: Row, column: string) => row[column] as string;
const maybeText = (row: Row, column: string) => row[column] as string | null;
const number = (row: Row, column: string) => row[column] as number;
const maybeNumber = (row: Row, column: string) => row[column] as number | null;
const json = (row: Row, column: string) => JSON.parse(text(row, column));
const maybeJson = (row: Row, column: string) => (row[column] === null ? null : json(row, column));

/** A whole mention from its row. */
export function toMention(row: Row): Mention {
  return {
    ...basics(row),
    lastPingAt: number(row, 'last_ping_at'),
    finalUrl: maybeText(row, 'final_url'),
    mergedInto: maybeText(row, 'merged_into'),
    site: text(row, 'site'),
    doors: json(row, 'doors') as DoorUse[],
    said: maybeText(row, 'said'),
    rest: maybeJson(row, 'rest'),
    firstPingAt: number(row, 'first_ping_at'),
    listedAt: maybeNumber(row, 'listed_at'),
    due: maybeNumber(row, 'due'),
    history: json(row, 'history'),
  };
}

/** What the worker gets of a row that was claimed at `at`. */
export function toClaimed(row: Row, at: number): ClaimedMention {
  const known = basics(row);
  return {
    ...known,
    sincePing: at - number(row, 'last_ping_at'),
    sinceLook: known.evidence && at - known.evidence.at,
    pings: number(row, 'pings'),
  };
}

function basics(row: Row) {
  return {
    id: text(row, 'id'),
    topicId: text(row, 'topic'),
    key: text(row, 'key'),
    sourceUrl: text(row, 'source_url'),
    status: text(row, 'status') as Mention['status'],
    claim: json(row, 'claim'),
    shown: maybeJson(row, 'shown'),
    tries: number(row, 'tries'),
    attempts: number(row, 'attempts'),
    failing: maybeJson(row, 'failing'),
    page: maybeJson(row, 'page') as PageFacts | null,
    evidence: maybeJson(row, 'evidence') as Evidence | null,
    listedKey: maybeText(row, 'listed_key'),
  };
}

/** A public entry from its row. */
export function toListed(row: Row): Listed {
  const page = maybeJson(row, 'page') as PageFacts | null;
  return {
    id: text(row, 'id'),
    url: maybeText(row, 'final_url') ?? text(row, 'source_url'),
    listedKey: text(row, 'listed_key'),
    site: text(row, 'site'),
    shown: json(row, 'shown') as Shown,
    doors: json(row, 'shown_doors') as Door[],
    listedAt: number(row, 'listed_at'),
    author: page?.author ?? null,
    published: page?.published ?? null,
  };
}

/** A topic from its row, selected by `TOPIC_COLUMNS`. */
export function toTopic(row: Row): Topic {
  const slug = text(row, 'slug');
  return {
    id: text(row, 'id'),
    slug,
    formerSlugs: (json(row, 'slugs') as string[]).filter(one => one !== slug).sort(),
    title: text(row, 'title'),
    definition: text(row, 'definition'),
    version: number(row, 'version'),
    changedAt: number(row, 'changed_at'),
    openedAt: number(row, 'opened_at'),
    posts: number(row, 'posts'),
    blogs: number(row, 'blogs'),
    months: json(row, 'months'),
    lastListedAt: maybeNumber(row, 'last_listed_at'),
  };
}

/** A count of refusals from its row. */
export function toRefusal(row: Row): RefusalCount {
  return {
    key: text(row, 'key'),
    topicId: text(row, 'topic') || null,
    reason: text(row, 'reason') as RefusalCount['reason'],
    day: text(row, 'day'),
    count: number(row, 'count'),
    last: number(row, 'last'),
  };
}
