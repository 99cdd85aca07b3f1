import { type Feed, topicFeed } from '../../server/feeds/feed.ts';
import type { FeedForm } from '../../server/urls.ts';
import { urls } from './pages.ts';
import { aListed, aTopic } from './samples.ts';

/** A topic's feed as data, ready for a renderer. */
export function aFeed(
  entries: ReturnType<typeof aListed>[],
  { form = 'rss' as FeedForm, topic = aTopic() } = {},
): Feed {
  return topicFeed({ topic, entries, form, siteName: 'topichub', urls });
}

/** A listed post with nothing said of it but what the test says. */
export const shown = (over: object) =>
  aListed({ shown: { title: 'T', excerpt: 'E', blogName: 'B', language: 'en', ...over } });

/** A listed post of which everything is known that can be. */
export const aFullEntry = () =>
  aListed({
    shown: { title: '星空の写真', excerpt: '冬の夜に', blogName: '星の庭', language: 'ja' },
    author: 'Ana Lima',
    published: Date.parse('2026-07-15T06:30:00Z'),
    doors: ['pingback', 'trackback'],
  });

/** What a sender may write to break a feed; each as it is, as if the cleaning had a hole. */
export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  ']]><script>',
  '<![CDATA[x]]>',
  '--><script>',
  '&lt;script&gt;&amp;lt;b&amp;gt;',
  '\u0000\u0007\u000b\u001b\ufffe\uffff\ud800\udc00\ud800',
  '\udfff"\'\\u0000\\',
  '\u2028\u202e\u2066',
  '{{constructor}}',
  '</title></item></channel></rss>',
  '</title></entry></feed>',
  '"}],"items":[{"id":"stolen"}]}',
  '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>&b;',
  '&undefined; &#0; &#xD800; &#x1F;',
  '<lastBuildDate>never</lastBuildDate></generator><lastBuildDate>',
];
