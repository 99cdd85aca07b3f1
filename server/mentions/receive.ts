import type { Logger } from 'pino';
import { cleanWords } from '../text/clean.ts';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import { asSent } from './as-sent.ts';
import { domainOf } from './domain.ts';
import type { Takeable, TurnedBack } from './limit-pings.ts';
import type { Over } from './limits.ts';
import type { Door, Mention, Refusal, Words } from './mention.ts';
import type { Mentions } from './mentions.ts';
import type { Refusals } from './refusals.ts';
import { readSource, type SourceRules } from './source-key.ts';

/** What a ping says: nothing of it is proven, and its words are as they were sent. */
export interface Claim {
  source: string;
  words: { [name in keyof Words]?: string | null | undefined };
  /** What the ping says it links to, at the doors where it has to say so. */
  target?: string;
  /** The sender says that the post is not for everybody, so that it is refused. */
  private?: boolean;
}

/**
 * Where a ping came in: the topic's slug as it stood in the address, percent escapes decoded (empty where the
 * address was no topic's), and the door.
 */
export interface Address {
  topic: string;
  via: Door;
  /** Who is to be named where its post is looked at. Is neither stored nor logged, so it is no part of the ping. */
  sender: string | null;
  /** Until when the sender waits for the store, in the time of `performance.now()`. */
  until: number;
}

/** An unproven claim as it arrives through a door. */
export type Ping = Claim & Pick<Address, 'topic' | 'via'>;

/** What became of a ping at the door. */
export type Taken = { mention: Mention; topic: Topic } | Refused;

/** Why a ping was turned away; `over`: what was gone beyond, when it came too often. */
export interface Refused {
  refusal: Refusal;
  topic: Topic | null;
  over?: Over;
}

/** An answer, or a rejection at `until`, which is in the time of `performance.now()`. */
export type Deadline = <Answer>(answer: Promise<Answer>, until: number) => Promise<Answer>;

export type Receive = (said: Claim | Refusal, at: Address) => Promise<Taken>;

/** What taking a ping needs. `taken` is told of each ping that was recorded, so that someone looks. */
export interface ReceiveNeeds {
  topics: Pick<Topics, 'bySlug'>;
  mentions: Pick<Mentions, 'take'>;
  refusals: Pick<Refusals, 'note'>;
  rules: SourceRules;
  /** Asked of each ping that could be taken; null when it may be. */
  limit: (ping: Takeable) => Promise<TurnedBack | null>;
  taken: (key: string, sender: string | null) => void;
  counted: (via: Door, outcome: 'accepted' | Refusal) => void;
  /** Each call of the store may be in time, and what comes of all of them late: rejects when it is. */
  deadline: Deadline;
  log: Logger;
}

/**
 * The one way in: every door hands its pings here, or why it could not even read one. A ping that comes back as a
 * mention is on disk; one that is refused with an address is counted, so that its author can find out why.
 */
export function createReceive(needs: ReceiveNeeds): Receive {
  const { topics, mentions, refusals, rules, limit, taken, counted, deadline, log } = needs;

  return async (said, { topic, via, sender, until }) => {
    const ping = typeof said === 'string' ? { source: '' } : said;
    const answer: Taken =
      typeof said === 'string'
        ? { refusal: said, topic: null }
        : await inTime(take({ ...said, topic, via }, sender), until);
    counted(via, 'refusal' in answer ? answer.refusal : 'accepted');
    log.info(
      {
        via,
        topic: topic.slice(0, 64),
        source: withoutPassword(ping.source).slice(0, 300),
        ...('refusal' in answer ? { refusal: answer.refusal } : { mention: answer.mention.id }),
      },
      'ping',
    );
    return answer;
  };

  function inTime(taken: Promise<Taken>, until: number): Promise<Taken> {
    return deadline(taken, until).catch(error => {
      log.error({ err: error }, 'a ping could not be recorded');
      return { refusal: 'store-away', topic: null };
    });
  }

  async function take(ping: Ping, sender: string | null): Promise<Taken> {
    const source = readSource(ping.source, rules);
    const slug = readSlug(ping.topic);
    const topic = slug ? await topics.bySlug(slug) : null;
    if (!topic) return refuse('unknown-topic', source.key, null);
    if ('refusal' in source) return refuse(source.refusal, source.key, topic);
    if (ping.private) return refuse('private', source.key, topic);
    const { key, site } = source;
    const turnedBack = await limit({ key, site, topicId: topic.id, via: ping.via });
    if (turnedBack) return turnBack(turnedBack, key, topic);
    const mention = await mentions.take({
      topicId: topic.id,
      key,
      sourceUrl: source.url,
      site,
      domain: domainOf(new URL(source.url), rules.allow),
      via: ping.via,
      claim: cleanWords(ping.words),
      said: asSent(ping),
    });
    if (mention === 'removed') return refuse('removed', source.key, topic);
    taken(key, sender);
    return { mention, topic };
  }

  /** Notes no more of what comes too often than may be taken, for each may have an address of its own. */
  async function turnBack(turnedBack: TurnedBack, key: string, topic: Topic): Promise<Taken> {
    if (turnedBack.refusal === 'busy') return refuse('busy', key, topic);
    const { over } = turnedBack;
    const noted = over.count !== null && over.count <= 2 * over.rate.most;
    return { ...(await refuse('too-many', noted ? key : null, topic)), over };
  }

  async function refuse(reason: Refusal, key: string | null, topic: Topic | null): Promise<Refused> {
    if (key !== null) await refusals.note({ key, topicId: topic?.id ?? null, reason });
    return { refusal: reason, topic };
  }
}

/** What is logged of an address is no place for a password that somebody sent in it, however it was written. */
function withoutPassword(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return address.replace(/^.*@/s, '');
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}
