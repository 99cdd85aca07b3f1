import type { Refusal } from '../mentions/mention.ts';
import { escapeXml } from '../text/xml.ts';
import type { TargetMiss } from '../topics/targets.ts';
import type { Misread } from './xml-rpc.ts';

/** The one Content-Type of every answer at this door. */
export const RESPONSE_TYPE = 'text/xml; charset=utf-8';

/** A fault's code and its words. */
type Fault = readonly [code: number, words: string];

/**
 * The faults of Pingback 1.0, section 3: 16 and 17 are about the source, 32 and 33 about the target, 49 and 50
 * when both are fine. The post is looked at after the answer, so "source does not exist" (16) is only said of
 * what cannot be an address on the public web, and "no link" (17) only of what can be no post. A ping that is
 * there already is a success, never 48: it has the post looked at again.
 */
const REFUSED: Readonly<Record<Refusal, Fault>> = {
  'no-address': [16, 'The source is empty. Send the address of your post.'],
  'bad-address': [16, 'The source is not a full web address, beginning with http:// or https://.'],
  'not-public': [16, 'The source is not on the public web.'],
  'too-long': [16, 'The source is longer than 2048 characters.'],
  'own-address': [17, 'The source is an address of this hub. Send the address of your own post.'],
  'not-post': [17, "The source is a blog's front page. Send the address of one post."],
  'unknown-topic': [32, 'There is no topic at the target.'],
  'too-large': [0, 'The call is too large: 16 KiB are taken.'],
  unreadable: [-32700, 'The call could not be read. Send it as XML-RPC, not compressed.'],
  blocked: [49, 'Posts from this blog are not taken here.'],
  removed: [49, 'This post was taken off the list by the operator of this hub.'],
  'too-many': [49, 'Too many pings at once. Send it again later.'],
  busy: [50, 'The hub is busy. The ping was not recorded; send it again later.'],
  'store-away': [50, 'The ping could not be recorded. Send it again later.'],
  private: [49, 'The post is not public, so it cannot be listed here.'],
};

const MISSED: Readonly<Record<TargetMiss, Fault>> = {
  'no-target': [33, 'The target is empty. Send the address of the topic that your post links to.'],
  'bad-target': [33, 'The target is not a full web address, beginning with http:// or https://.'],
  'front-page': [33, "The target is this hub's front page. Link to the page of one topic."],
  'other-page': [
    33,
    'The target is an address of this hub, but not of a topic. Link to the page of one topic.',
  ],
  elsewhere: [33, 'The target is not an address of this hub.'],
};

/** The codes of the interoperability list that Pingback refers to. */
const MISREAD: Readonly<Record<Misread, Fault>> = {
  'not-xml-rpc': REFUSED.unreadable,
  'other-method': [-32601, 'Only the method pingback.ping is served here.'],
  'wrong-parameters': [
    -32602,
    'pingback.ping takes two strings: the address of your post, and the address it links to.',
  ],
};

/**
 * The answer to a ping that is recorded: one string, which some authors get to see. No word of it may hold
 * the letters "fault": two clients take any answer that does for a failure.
 */
export function accepted(receiptAddress: string): string {
  const words = `The ping is recorded. What becomes of it: ${receiptAddress}`;
  return response(`<params><param><value><string>${escapeXml(words)}</string></value></param></params>`);
}

/** The answer to a ping that is turned away. */
export const refused = (refusal: Refusal): string => fault(REFUSED[refusal]);

/** The answer to a ping whose target is no topic's. */
export const missed = (miss: TargetMiss): string => fault(MISSED[miss]);

/** The answer to what is no call of `pingback.ping`. */
export const misread = (why: Misread): string => fault(MISREAD[why]);

/** The answer when something broke on our side. */
export const broken = (): string =>
  fault([0, 'Something broke on our side. The ping was not recorded; send it again later.']);

function fault([code, words]: Fault): string {
  return response(
    `<fault><value><struct>
<member><name>faultCode</name><value><int>${code}</int></value></member>
<member><name>faultString</name><value><string>${escapeXml(words)}</string></value></member>
</struct></value></fault>`,
  );
}

function response(content: string): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<methodResponse>\n${content}\n</methodResponse>\n`;
}
