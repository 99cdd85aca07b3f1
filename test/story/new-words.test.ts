import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { readFeed } from '../support/feed.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';
import { aWatchedPost, live, rest } from '../support/weeks.ts';

const TOPIC = 'night-sky';

/** What subscribers read, entry by entry, and where the entries are the same as before. */
async function read(hub: TestHub) {
  const { items } = await readFeed(await hub.text(`/t/${TOPIC}.rss`));
  return items.map(({ title, summary, author, guid, pubdate }) => ({
    words: [title, summary, author],
    place: [guid, pubdate?.getTime()],
  }));
}

const reads = (hub: TestHub, title: string) =>
  until(async () => {
    const [entry] = await read(hub);
    return entry?.words[0] === title && entry;
  }, `the feed to say ${title}`);

/** A hub with one post, listed with the words of its page. */
async function aListedPost(...[test]: Parameters<typeof aHub>) {
  const hub = await aHub(test);
  const link = hub.hub.urls.topic(TOPIC);
  const post = aWatchedPost(hub);
  post.says({ link, text: 'Three stars in a row, and the great nebula below them, seen with' });
  const ping = (words: Record<string, string> = {}) => hub.ping(TOPIC, { url: post.url, ...words });
  await ping();
  const entry = await reads(hub, 'Orion in winter');
  await live(hub, MINUTE, MINUTE);
  return { hub, post, link, ping, entry };
}

describe('the words of a listed post', () => {
  it('are those of its page as the latest look found it, in the old place', async test => {
    const { hub, post, link, entry } = await aListedPost(test);
    post.says({ link, title: 'Orion, corrected', text: 'Four stars in a row, seen with', lang: 'de' });
    await live(hub, HOUR - MINUTE - SECOND, HOUR);
    assert.deepEqual(await read(hub), [entry], 'no reader is told before the look');
    await live(hub, SECOND, SECOND);
    const now = await reads(hub, 'Orion, corrected');
    assert.match(String(now.words[1]), /^Four stars in a row/);
    assert.deepEqual(now.place, entry.place);
    assert.match(await hub.text(`/t/${TOPIC}`), /lang="de"/);
  });

  it('are those of a new ping, when the page holds them, and still are after the next look', async test => {
    const { hub, post, ping, entry } = await aListedPost(test);
    await ping({ title: 'Three stars in a row', excerpt: 'the great nebula below them' });
    const now = await reads(hub, 'Three stars in a row');
    assert.equal(now.words[1], 'the great nebula below them');
    assert.deepEqual(now.place, entry.place);
    await live(hub, HOUR, HOUR);
    assert.equal(post.looks.length, 3);
    assert.deepEqual(await read(hub), [now]);
  });

  it('stay what they are when a new ping brings others that the page does not hold', async test => {
    const { hub, post, ping, entry } = await aListedPost(test);
    await ping({ title: 'Cheap pills', excerpt: 'Buy at pills.example', blog_name: 'Pills' });
    await rest(hub);
    assert.equal(post.looks.length, 2);
    assert.deepEqual(await read(hub), [entry]);
  });

  it('of a ping are given up when the page holds them no more', async test => {
    const { hub, post, link, ping } = await aListedPost(test);
    await ping({ title: 'Three stars in a row' });
    await reads(hub, 'Three stars in a row');
    post.says({ link, text: 'Clouds, seen with' });
    await live(hub, HOUR, HOUR);
    await reads(hub, 'Orion in winter');
  });

  it('T01 T14 T17 T25 are cleaned when they are taken over, as they are at the listing', async test => {
    const { hub, post, link } = await aListedPost(test);
    const words = 'Orion <script>alert(1)</script> &lt;img src=x onerror=alert(1)&gt;';
    const hostile = `\u0007${words}\u202E`;
    // As a theme writes it that escapes its titles, so that all of it is text.
    const page = { link, title: hostile.replaceAll('&', '&amp;').replaceAll('<', '&lt;') };
    post.says(page);
    await live(hub, HOUR, HOUR);
    const other = aWatchedPost(hub, '/other');
    other.says(page);
    await hub.ping(TOPIC, { url: other.url });
    const titles = await until(async () => {
      const { items } = (await (await hub.get(`/t/${TOPIC}.json`)).json()) as { items: { title: string }[] };
      return items.length === 2 && items.map(item => item.title);
    });
    assert.deepEqual(titles, [words, words]);
    const html = await hub.text(`/t/${TOPIC}`);
    assert.match(html, /Orion &lt;script&gt;alert/);
    assert.doesNotMatch(html, /<script>alert|<img src=x|\u0007|\u202E/u);
  });
});
