import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { guidOf } from '../../server/feeds/feed.ts';
import { renderJson } from '../../server/feeds/render-json.ts';
import { aFeed, aFullEntry, HOSTILE_TEXTS, shown } from '../support/feed-samples.ts';
import { urls } from '../support/pages.ts';
import { aListed, anEmptyTopic, aTopic } from '../support/samples.ts';

const render = (entries = [aListed()], topic = aTopic()) =>
  JSON.parse(renderJson(aFeed(entries, { form: 'json', topic })));

const wordless = () => shown({ title: null, excerpt: null, blogName: null, language: null });

describe('JSON Feed 1.1, top level', () => {
  const feed = render();

  it('"version (required, string) is the URL of the version of the format the feed uses"', () => {
    assert.equal(feed.version, 'https://jsonfeed.org/version/1.1');
  });

  it('"title (required, string) is the name of the feed"', () => {
    assert.equal(feed.title, 'Static site generators · topichub');
  });

  it('"home_page_url (optional but strongly recommended, string) is the URL of the resource that the feed describes"', () => {
    assert.equal(feed.home_page_url, urls.topic(aTopic().slug));
  });

  it('"feed_url (optional but strongly recommended, string) … serves as the unique identifier for the feed"', () => {
    assert.equal(feed.feed_url, urls.feed(aTopic().slug, 'json'));
  });

  it('"authors … The author object has several members. These are all optional — but if you provide an author object, then at least one is required"', () => {
    assert.deepEqual(feed.authors, [{ name: 'topichub', url: urls.home }]);
  });

  it('"items is an array, and is required", also when it is empty', () => {
    assert.deepEqual(render([], anEmptyTopic()).items, []);
  });

  it('has nothing that is null, in itself or in an item', () => {
    for (const part of [feed, render([wordless()]).items[0]])
      for (const [name, value] of Object.entries(part)) assert.notEqual(value, null, name);
  });
});

describe('JSON Feed 1.1, items', () => {
  it('has the form that scripts rely on', () => {
    const entry = aFullEntry();
    assert.deepEqual(render([entry]).items, [
      {
        id: guidOf(entry.listedKey),
        url: entry.url,
        title: '星空の写真',
        content_text: '冬の夜に',
        date_published: '2026-07-17T14:02:19Z',
        language: 'ja',
        authors: [{ name: '星の庭', url: 'https://plainpaper.example/' }],
        tags: ['Static site generators'],
        _post: {
          blog: '星の庭',
          author: 'Ana Lima',
          published: '2026-07-15T06:30:00Z',
          doors: ['pingback', 'trackback'],
        },
      },
    ]);
  });

  it('"id (required, string) is unique for that item for that feed over time"', () => {
    const items = render([aListed(), aListed({ listedKey: 'plainpaper.example/other' })]).items;
    assert.equal(typeof items[0].id, 'string');
    assert.notEqual(items[0].id, items[1].id);
  });

  it('"title (optional, string) … Microblog items in particular may omit titles"', () => {
    const [item] = render([shown({ title: null })]).items;
    assert.ok(!('title' in item));
    assert.equal(item.content_text, 'E');
  });

  it('"content_html and content_text are each optional strings — but one or both must be present"', () => {
    const [item] = render([shown({ excerpt: null })]).items;
    assert.equal(item.content_text, '');
    assert.equal(item.title, 'T');
  });

  it('names a post without any words by its blog and date, so that there is something to click on', () => {
    const [item] = render([wordless()]).items;
    assert.equal(item.title, 'plainpaper.example, 17 July 2026');
    assert.deepEqual(item.authors, [{ name: 'plainpaper.example', url: 'https://plainpaper.example/' }]);
  });

  it('"language (optional, string) … The value is usually a 2-letter language tag"', () => {
    assert.ok(!('language' in render([wordless()]).items[0]));
  });

  it('"Publishers can use custom objects … a custom object name must start with an underscore character followed by a letter"', () => {
    const own = Object.keys(render().items[0]).filter(name => name.startsWith('_'));
    assert.deepEqual(own, ['_post']);
    assert.deepEqual(render([wordless()]).items[0]._post, {
      blog: null,
      author: null,
      published: null,
      doors: ['trackback'],
    });
  });
});

describe('whatever was sent in', () => {
  it('is JSON that every parser takes: no lone surrogate, not even escaped (RFC 8259, section 8.2)', () => {
    for (const raw of HOSTILE_TEXTS) {
      const words = { title: raw, excerpt: raw, blogName: raw };
      const entry = { ...shown(words), author: raw };
      const json = renderJson(aFeed([entry], { form: 'json', topic: aTopic({ title: raw }) }));
      const { items } = JSON.parse(json);
      assert.deepEqual(
        items.map((item: { id: string }) => item.id),
        [guidOf(entry.listedKey)],
        raw,
      );
      assert.ok(json.isWellFormed());
      assert.doesNotMatch(json, /(?<!\\)(?:\\\\)*\\u(?:d[89a-f]|00(?!0[9ad])[01])/i, raw);
      assert.equal(items[0]._post.author, items[0].title, 'one text is one text everywhere');
    }
  });
});
