import type { Response } from 'express';
import { type Over, secondsOf } from '../mentions/limits.ts';
import { siteOf } from '../mentions/source-key.ts';
import type { Topic } from '../topics/topic.ts';
import { dateAndTime, isoTime, timeToSecond } from './helpers.ts';
import type { PageModel, Views } from './views.ts';

/** The post that was sent; there is none where nothing of the request was read. */
export interface Sent {
  address: string;
  topic: Topic | null;
}

export interface TooManyPage extends PageModel {
  /** "In the last minute, 31 pings came from", and then the name. */
  came: string;
  /** A name that is not ours to write; null where the sentence is whole without. */
  name: string | null;
  /** "We take 30 a minute from one blog." */
  takes: string;
  /** What became of those that kept to the rate; null where they need not have been pings. */
  kept: string | null;
  again: { iso: string; words: string; wait: string };
}

const WORDS: Readonly<Record<Over['what'], { of: [one: string, more: string]; came: string; each: string }>> =
  {
    sender: { of: ['request', 'requests'], came: 'came from your network', each: 'from one network' },
    site: { of: ['ping', 'pings'], came: 'came from', each: 'from one blog' },
    pair: {
      of: ['ping of this post', 'pings of this post'],
      came: 'came for',
      each: 'of one post for one topic',
    },
    topic: { of: ['ping', 'pings'], came: 'came for', each: 'for one topic' },
  };

/** The page for a person whose request is one too many, with figures that are true at `now`. */
export function tooManyPage(over: Over, { now, sent }: { now: number; sent: Sent | null }): TooManyPage {
  const { what, rate, count } = over;
  const { of, came, each } = WORDS[what];
  const wait = secondsOf(over);
  const inMinutes = wait > 3_600;
  // Without its seconds a time is rounded up, so that nobody comes too early.
  const at = inMinutes ? Math.ceil((now + wait * 1_000) / 60_000) * 60_000 : now + wait * 1_000;
  return {
    title: 'Too many pings at once',
    noindex: true,
    came: `In the last ${spell(rate.seconds).replace(/^1 /, '')}, ${count ?? `more than ${rate.most}`} ${of[count === 1 ? 0 : 1]} ${came}`,
    name:
      what === 'sender' || sent === null
        ? null
        : what === 'site'
          ? siteOf(new URL(sent.address))
          : (sent.topic?.title ?? null),
    takes: `We take ${rate.most} ${per(rate.seconds)} ${each}.`,
    kept:
      what === 'sender'
        ? null
        : rate.most === 1
          ? 'The first one arrived and is being checked.'
          : `The first ${rate.most} arrived and are being checked.`,
    again: { iso: isoTime(at), words: inMinutes ? dateAndTime(at) : timeToSecond(at), wait: spell(wait) },
  };
}

export type TooMany = ReturnType<typeof createTooMany>;

/** Sends the page, with the same wait in `Retry-After`. */
export function createTooMany({ views, now }: { views: Views; now: () => number }) {
  return (response: Response, over: Over, sent: Sent | null): void => {
    response
      .status(429)
      .set('Retry-After', String(secondsOf(over)))
      .set('Cache-Control', 'no-store');
    response.type('html').send(views.page('too-many', tooManyPage(over, { now: now(), sent })));
  };
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** "1 minute", "48 seconds", "3 hours": in the largest unit that says it exactly or makes three and more, rounded up. */
function spell(seconds: number): string {
  const fitting = UNITS.find(([, length]) => seconds % length === 0 || seconds > 2 * length);
  const [unit, length] = fitting ?? ['second', 1];
  const times = Math.ceil(seconds / length);
  return `${times} ${times === 1 ? unit : `${unit}s`}`;
}

/** "a minute", "an hour", "in 30 seconds". */
function per(seconds: number): string {
  const words = spell(seconds);
  return words.startsWith('1 ') ? words.replace('1 ', words === '1 hour' ? 'an ' : 'a ') : `in ${words}`;
}
