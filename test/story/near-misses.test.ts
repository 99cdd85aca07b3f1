import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio';
import { keyOf } from '../../server/mentions/source-key.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';
const a = (href: string, text = 'a link') => `<a href="${href}">${text}</a>`;
const ELSEWHERE = a('https://elsewhere.example/');

/** The text of the receipt of a post with this in it, once it was looked at. */
async function receiptOf(hub: TestHub, inPost: string): Promise<string> {
  hub.blog.put('/post', `<!doctype html><title>Post</title><body>${inPost}</body>`);
  await hub.ping(TOPIC, { url: hub.blog.at('/post') });
  const topic = await hub.storage.topics.bySlug(TOPIC);
  const key = keyOf(new URL(hub.blog.at('/post')));
  const { id } = await until(async () => {
    const mention = topic && (await hub.storage.mentions.find(topic.id, key));
    return mention?.evidence && mention;
  }, 'a look at the post');
  return load(await hub.text(`/pings/${id}`))('main')
    .text()
    .replace(/\s+/g, ' ');
}

/** look.md 5, in its order: what is in the post, and what its author reads of it. */
const MISSES: Record<string, [(hub: TestHub) => string, RegExp]> = {
  'a: a letter short': [
    hub => ELSEWHERE + a(hub.hub.urls.topic('night-sk')),
    /None of the 2 links in the post leads to this topic\. .*a letter short:.* here the y is missing/,
  ],
  'b: the ping address, which counts': [
    hub => a(hub.hub.urls.trackback(TOPIC)),
    /Your post links to the ping address\. It counts, but readers are better served by the address without \/trackback\./,
  ],
  'c: the front page': [
    hub => a(hub.hub.urls.home),
    /Your post links to the front page of the hub, not to the topic\./,
  ],
  'd: another topic': [
    hub => a(hub.hub.urls.topic('bread-baking')),
    /Your post links to Bread baking, but the ping was for Night sky\..*List it under Bread baking/,
  ],
  'e: text that is no link': [
    hub => `${ELSEWHERE}<p>See ${hub.hub.urls.topic(TOPIC)} for more.</p>`,
    /The address stands in the text but is not a link\./,
  ],
  'f: hidden': [
    hub => `${ELSEWHERE}<!-- ${a(hub.hub.urls.topic(TOPIC))} -->`,
    /The link is there, but hidden from readers\./,
  ],
  'g: none to this hub': [() => ELSEWHERE, /leads? to this hub\./],
  'h: no links at all': [
    () => '<p>Nothing.</p>',
    /We found no links in the HTML of this page\. If it is built by JavaScript, we cannot see them\./,
  ],
};

describe('the receipt of a post that nearly links to the topic', () => {
  for (const [name, [inPost, words]] of Object.entries(MISSES)) {
    it(`says so: ${name}`, async test => {
      const hub = await aHub(test);
      assert.match(await receiptOf(hub, inPost(hub)), words);
    });
  }
});
