import type { Refusal } from '../mentions/mention.ts';
import { escapeXml } from '../text/xml.ts';

/** The one Content-Type of every answer at this door. */
export const RESPONSE_TYPE = 'text/xml; charset=utf-8';

const WORDS: Readonly<Record<Refusal, string>> = {
  'no-address': 'The ping had no address of a post in it. The field "url" is needed.',
  'bad-address': 'The address of the post is not a full web address, beginning with http:// or https://.',
  'not-public': 'The address of the post is not on the public web.',
  'too-long': 'The address of the post is longer than 2048 characters.',
  'own-address': 'This is an address of this hub. Send the address of your own post.',
  'not-post': "This address is a blog's front page. Send the address of one post.",
  'unknown-topic': 'There is no topic at this address.',
  'too-large': 'The ping is too large: 64 KiB and 20 fields are taken.',
  unreadable:
    'The ping could not be read. Send it as a form (application/x-www-form-urlencoded), not compressed.',
  blocked: 'Posts from this blog are not taken here.',
  removed: 'This post was taken off the list by the operator of this hub.',
  'too-many': 'Too many pings at once. Send it again later.',
  busy: 'The hub is busy. The ping was not recorded; send it again later.',
  'store-away': 'The ping could not be recorded. Send it again later.',
  private: 'The post is not public, so it cannot be listed here.',
};

/**
 * The answer to a ping that is recorded. Its message is shown by every sender that shows messages at
 * all, although error is 0, so it tells the author where to look.
 */
export function accepted(topicAddress: string, receiptAddress: string): string {
  return response(
    0,
    `The ping is recorded. What becomes of it: ${receiptAddress} - the post is listed when it links to ${topicAddress}`,
  );
}

/** The answer to a ping that is turned away, in words that a blog's editor can show. */
export function refused(refusal: Refusal): string {
  return response(1, WORDS[refusal]);
}

/** The answer when the request was no ping at all, or when something broke. */
export function notTaken(message: string): string {
  return response(1, message);
}

/**
 * The one shape all known senders read right: a bare digit first, then a message that is never empty,
 * on one line and without markup. An error without a message is a success to Movable Type.
 */
function response(error: 0 | 1, message: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<response>
<error>${error}</error>
<message>${escapeXml(message.replace(/\s+/g, ' '))}</message>
</response>
`;
}
