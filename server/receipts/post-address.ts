import type { Refusal } from '../mentions/mention.ts';
import { readSource, type Source, type SourceRules } from '../mentions/source-key.ts';

/** What a person typed into a field for a post's address. */
export type Typed = { source: Source } | { problem: Refusal; key: string | null };

/** An address as people type it: also without its scheme, and with spaces round it. */
export function readTyped(text: string, rules: SourceRules): Typed {
  const typed = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) || typed === '';
  if (!whole && !/^[^/?#]*[.:]/.test(typed)) return { problem: 'bad-address', key: null };
  const source = readSource(whole ? typed : `https://${typed}`, rules);
  return 'refusal' in source ? { problem: source.refusal, key: source.key } : { source };
}

/** What stands at the field. */
export const FIELD_PROBLEMS: Readonly<Record<Refusal, string>> = {
  'no-address': 'Enter the address of your post',
  'bad-address': 'Enter a full address, beginning with https://',
  'not-public': 'This address is not on the public web. Enter the one your readers see',
  'too-long': 'This address is longer than 2048 characters',
  'own-address': 'This is an address of this hub. Give the address of your own post',
  'not-post': 'This address is a blog’s front page. Give the address of one post',
  'unknown-topic': 'Choose a topic',
  'too-large': 'This address is longer than 2048 characters',
  unreadable: 'Enter the address of your post',
  blocked: 'Posts from this blog are not taken here',
  removed: 'This post was taken off the list on request, so it is not taken again',
  'too-many': 'Too many pings came at once. Send it again later',
  busy: 'The hub is busy. Nothing was recorded; send it again later',
  'store-away': 'Nothing could be recorded. Send it again later',
  private: 'This post is not public, so it cannot be listed here',
};
