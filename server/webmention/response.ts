import { type Overrun, secondsOf } from '../mentions/limits.ts';
import type { Refusal } from '../mentions/mention.ts';
import type { TargetMiss } from '../topics/targets.ts';

/** An answer at this door: its status, and a plain text of one line. */
export interface Answer {
  status: 400 | 429 | 500 | 503;
  words: string;
  /** How long the sender is asked to wait when it is not its ping that is wrong, in seconds. */
  retryAfter?: number;
}

const WORDS: Readonly<Record<Refusal, string>> = {
  'no-address': 'There is no "source". Send the address of your post in it.',
  'bad-address': 'The source is not a full web address, beginning with http:// or https://.',
  'not-public': 'The source is not on the public web.',
  'too-long': 'The source is longer than 2048 characters.',
  'own-address': 'The source is an address of this hub. Send the address of your own post.',
  'not-post': "The source is a blog's front page. Send the address of one post.",
  'unknown-topic': 'There is no topic at the target.',
  'too-large': 'The webmention is too large: 64 KiB and 20 fields are taken.',
  unreadable:
    'The webmention could not be read. Send it as a form (application/x-www-form-urlencoded), not compressed.',
  blocked: 'Posts from this blog are not taken here.',
  removed: 'This post was taken off the list by the operator of this hub.',
  'too-many': 'Too many pings at once. Send it again later.',
  busy: 'The hub is busy. The webmention was not recorded; send it again later.',
  'store-away': 'The webmention could not be recorded. Send it again later.',
  private: 'A webmention with a "code" is about a post that is not public, so it cannot be listed here.',
};

/** All other refusals are the sender's to mend (Webmention 3.2.3): 400. */
const NOT_400: Partial<Record<Refusal, Pick<Answer, 'status' | 'retryAfter'>>> = {
  'too-many': { status: 429, retryAfter: 60 },
  busy: { status: 503, retryAfter: 60 },
  'store-away': { status: 503, retryAfter: 30 },
};

const MISSED: Readonly<Record<TargetMiss, string>> = {
  'no-target': 'There is no "target". Send the address of the topic that your post links to in it.',
  'bad-target': 'The target is not a full web address, beginning with http:// or https://.',
  'front-page': "The target is this hub's front page. Link to the page of one topic.",
  'other-page': 'The target is an address of this hub, but not of a topic. Link to the page of one topic.',
  elsewhere: 'The target is not an address of this hub.',
};

/** The text beside `201 Created` and `Location:` the receipt; it never holds the letters "fault". */
export const accepted = (receiptAddress: string): string =>
  `The webmention is recorded. What becomes of it: ${receiptAddress}\n`;

/** The answer to a ping that is turned away; `over` says how long for, when it came too often. */
export const refused = (refusal: Refusal, over?: Overrun): Answer => ({
  status: 400,
  ...NOT_400[refusal],
  ...(over ? { retryAfter: secondsOf(over) } : {}),
  words: `${WORDS[refusal]}\n`,
});

/** The answer to a ping whose target is no topic's. */
export const missed = (miss: TargetMiss): Answer => ({ status: 400, words: `${MISSED[miss]}\n` });

/** The answer when something broke on our side. */
export const BROKEN: Answer = {
  status: 500,
  words: 'Something broke on our side. The webmention was not recorded; send it again later.\n',
};
