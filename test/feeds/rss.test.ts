import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guidOf } from '../../server/feeds/feed.ts';
import { renderRss } from '../../server/feeds/render-rss.ts';
import { cleanWords } from '../../server/text/clean.ts';
import { assertWellFormed, readFeed } from '../support/feed.ts';
import { aFeed, aFullEntry, HOSTILE_TEXTS, shown } from '../support/feed-samples.ts';
import { urls } from '../support/pages.ts';
import { aListed, aTopic } from '../support/samples.ts';

const render = (entries: ReturnType<typeof aListed>[], topic = aTopic()) =>
  renderRss(aFeed(entries, { topic }));

/** A text as a feed reader's HTML view would show it. */
const asHtmlText = (html: string | null) =>
  String(html)
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

describe('the RSS feed', () => {
  it('carries what a subscriber needs of each post', async () => {
    const topic = aTopic({ title: 'Night sky' });
    const entry = aListed();
    const { items, meta } = await readFeed(render([entry], topic));
    const [item] = items;
    assert.equal(item?.title, entry.shown.title);
    assert.equal(item?.link, entry.url);
    assert.equal(item?.guid, guidOf(entry.listedKey));
    assert.equal(item?.author, entry.shown.blogName);
    assert.deepEqual(item?.categories, ['Night sky']);
    assert.equal(item?.pubdate?.getTime(), Math.floor(entry.listedAt / 1_000) * 1_000);
    assert.equal(meta.link, urls.topic(topic.slug));
    assert.equal(meta.xmlurl, urls.feed(topic.slug, 'rss'));
  });

  it("says when it changed, which is the version's time and not now", () => {
    const topic = aTopic({ changedAt: Date.UTC(2026, 6, 17, 14, 2, 19) });
    assert.match(render([], topic), /<lastBuildDate>Fri, 17 Jul 2026 14:02:19 GMT<\/lastBuildDate>/);
    assert.equal(render([shown({})], topic), render([shown({})], topic));
  });

  it('has a guid that is a name-based UUID of the listed key', () => {
    assert.match(
      guidOf('blog.example/1'),
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(guidOf('blog.example/1'), guidOf('blog.example/1'));
    assert.notEqual(guidOf('blog.example/1'), guidOf('blog.example/2'));
    assert.match(render([shown({})]), /<guid isPermaLink="false">urn:uuid:/);
  });

  it('shows a script that somebody wrote about as text', async () => {
    const text = 'Use <script>alert(1)</script> & ]]> "here"';
    const { items } = await readFeed(render([shown({ excerpt: text })]));
    assert.doesNotMatch(String(items[0]?.description), /<script>/);
    assert.equal(asHtmlText(String(items[0]?.description)), text);
  });

  it('names a post without a title by its blog and date', async () => {
    const entry = aListed({
      listedAt: Date.UTC(2026, 6, 17),
      shown: { title: null, excerpt: null, blogName: null, language: null },
    });
    const { items } = await readFeed(render([entry]));
    assert.equal(items[0]?.title, `${entry.site}, 17 July 2026`);
  });

  it('says in elements of its own what the page says of itself, and the doors', async () => {
    const { items } = await readFeed(render([aFullEntry()]));
    const item = items[0] as unknown as Record<string, unknown>;
    const text = (name: string) => [item[name]].flat().map(one => (one as { '#': string })['#']);
    assert.deepEqual(text('dc:language'), ['ja']);
    assert.deepEqual(text('dc:contributor'), ['Ana Lima']);
    assert.deepEqual(text('dcterms:created'), ['2026-07-15T06:30:00Z']);
    assert.deepEqual(text('hub:door'), ['pingback', 'trackback']);
    assert.equal(items[0]?.author, '星の庭');
    assert.equal(items[0]?.pubdate?.toISOString(), '2026-07-17T14:02:19.000Z', 'still the listing');
    const bare = render([aListed({ shown: { language: null } })]);
    assert.doesNotMatch(bare, /<dc:language|<dc:contributor|<dcterms:created/);
  });

  it('is a valid feed without a post', async () => {
    assert.deepEqual((await readFeed(render([]))).items, []);
  });

  it('is well-formed whatever was sent in (T01-T24)', async () => {
    for (const raw of HOSTILE_TEXTS) {
      // Cleaned, as everything stored is, and once more not, as if the cleaning had a hole.
      for (const words of [
        cleanWords({ title: raw, excerpt: raw, blogName: raw }),
        { title: raw, excerpt: raw, blogName: raw },
      ]) {
        const xml = render([shown(words)], aTopic({ title: raw.slice(0, 20), definition: raw }));
        assertWellFormed(xml);
        assert.equal((await readFeed(xml)).items.length, 1, raw);
      }
    }
  });
});
