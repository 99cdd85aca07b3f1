import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { load } from 'cheerio';
import { guidOf } from '../../server/feeds/feed.ts';
import { renderAtom } from '../../server/feeds/render-atom.ts';
import { assertWellFormed, readFeed } from '../support/feed.ts';
import { aFeed, aFullEntry, HOSTILE_TEXTS, shown } from '../support/feed-samples.ts';
import { urls } from '../support/pages.ts';
import { aListed, anEmptyTopic, aTopic } from '../support/samples.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function render(entries: ReturnType<typeof aListed>[] = [aListed()], topic = aTopic()) {
  const xml = renderAtom(aFeed(entries, { form: 'atom', topic }));
  assertWellFormed(xml);
  const $ = load(xml, { xml: true });
  const children = (of: string, name: string) => $(`${of} > ${name}`).toArray();
  return { xml, $, children };
}

const wordless = () => shown({ title: null, excerpt: null, blogName: null, language: null });

describe('RFC 4287, section 2 and 3', () => {
  it('"Atom Documents MUST be well-formed XML", whatever was sent in', async () => {
    for (const raw of HOSTILE_TEXTS) {
      const topic = aTopic({ title: raw, definition: raw });
      const entry = { ...shown({ title: raw, excerpt: raw, blogName: raw, language: raw }), author: raw };
      const { items } = await readFeed(render([entry], topic).xml);
      assert.deepEqual(
        items.map(item => item.guid),
        [guidOf(entry.listedKey)],
        raw,
      );
    }
  });

  it('"The namespace name for the XML format described in this specification is http://www.w3.org/2005/Atom"', () => {
    assert.equal(render().$('feed').attr('xmlns'), 'http://www.w3.org/2005/Atom');
  });

  it('a Text construct without type is "text": "the content of the Text construct MUST NOT contain child elements"', () => {
    const text = 'Use <b>bold</b> & ]]>';
    const { $ } = render([shown({ title: text, excerpt: text })]);
    for (const name of ['title', 'summary']) {
      assert.equal($(`entry > ${name}`).text(), text);
      assert.equal($(`entry > ${name}`).children().length, 0);
      assert.equal($(`entry > ${name}`).attr('type'), undefined);
    }
  });

  it('a Date construct "MUST conform to the date-time production in [RFC3339]", "an uppercase T … an uppercase Z"', () => {
    const { $ } = render([aFullEntry()]);
    const dates = $('updated, published, dcterms\\:created').toArray();
    assert.equal(dates.length, 4);
    for (const date of dates) assert.match($(date).text(), RFC_3339);
  });

  it('"Person constructs MUST contain exactly one atom:name element"', () => {
    const { $ } = render([aFullEntry(), wordless()]);
    for (const person of $('author, contributor').toArray()) {
      assert.equal($(person).children('name').length, 1);
      assert.notEqual($(person).children('name').text(), '');
    }
  });

  it('"xml:lang … indicating the natural language for the element and its descendents"', () => {
    assert.equal(render([aFullEntry()]).$('entry').attr('xml:lang'), 'ja');
    const { $ } = render([shown({ title: null, language: 'ja' })]);
    assert.equal($('entry > title').attr('xml:lang'), 'en', 'but not of a title we made up');
    assert.equal(render([wordless()]).$('entry').attr('xml:lang'), undefined);
  });
});

describe('RFC 4287, section 4.1.1, atom:feed', () => {
  const { $, children } = render();

  for (const name of ['id', 'title', 'updated']) {
    it(`"atom:feed elements MUST contain exactly one atom:${name} element"`, () => {
      assert.equal(children('feed', name).length, 1);
      assert.notEqual($(`feed > ${name}`).text(), '');
    });
  }

  it('"atom:feed elements MUST contain one or more atom:author elements, unless all … entry elements contain at least one"', () => {
    assert.equal($('feed > author > name').text(), 'topichub');
    assert.equal(render([]).children('feed', 'author').length, 1);
  });

  it('"atom:feed elements SHOULD contain one atom:link element with a rel attribute value of self"', () => {
    assert.equal($('feed > link[rel=self]').attr('href'), urls.feed(aTopic().slug, 'atom'));
    assert.equal($('feed > link[rel=self]').attr('type'), 'application/atom+xml');
  });

  it('"MUST NOT contain more than one atom:link element with … alternate that has the same combination of type and hreflang"', () => {
    assert.equal(children('feed', 'link[rel=alternate]').length, 1);
    assert.equal($('feed > link[rel=alternate]').attr('href'), urls.topic(aTopic().slug));
  });

  it('is valid without an entry', async () => {
    const { xml } = render([], anEmptyTopic());
    assert.deepEqual((await readFeed(xml)).items, []);
  });

  it('says when it changed, which is the time of the version and not now', () => {
    assert.equal(
      render([], aTopic({ changedAt: 0 }))
        .$('feed > updated')
        .text(),
      '1970-01-01T00:00:00Z',
    );
    assert.equal(render().xml, render().xml);
  });
});

describe('RFC 4287, section 4.1.2, atom:entry', () => {
  for (const [what, entry] of Object.entries({ full: aFullEntry(), wordless: wordless() })) {
    const { $, children } = render([entry]);

    for (const name of ['id', 'title', 'updated']) {
      it(`"atom:entry elements MUST contain exactly one atom:${name} element" (a ${what} post)`, () => {
        assert.equal(children('entry', name).length, 1);
        assert.notEqual($(`entry > ${name}`).text(), '');
      });
    }

    it(`"atom:entry elements that contain no child atom:content element MUST contain at least one atom:link element with … alternate" (a ${what} post)`, () => {
      assert.equal(children('entry', 'link[rel=alternate]').length, 1);
      assert.equal($('entry > link').attr('href'), entry.url);
    });

    it(`"atom:entry elements MUST NOT contain more than one atom:published … atom:summary element" (a ${what} post)`, () => {
      assert.equal(children('entry', 'published').length, 1);
      assert.equal(children('entry', 'summary').length, 1);
    });
  }

  it('"atom:entry elements MUST contain one or more atom:author elements": the blog, or its host where it has no name', () => {
    const { $ } = render([aFullEntry()]);
    assert.equal($('entry > author > name').text(), '星の庭');
    assert.equal($('entry > author > uri').text(), 'https://plainpaper.example/');
    assert.equal(render([wordless()]).$('entry > author > name').text(), 'plainpaper.example');
  });

  it('names a post without a title by its blog and date', () => {
    assert.equal(render([wordless()]).$('entry > title').text(), 'plainpaper.example, 17 July 2026');
  });

  it('carries what the page says of itself, and only that', () => {
    const { $ } = render([aFullEntry()]);
    assert.equal($('contributor > name').text(), 'Ana Lima');
    assert.equal($('dcterms\\:created').text(), '2026-07-15T06:30:00Z');
    assert.deepEqual(
      $('hub\\:door')
        .toArray()
        .map(door => $(door).text()),
      ['pingback', 'trackback'],
    );
    assert.equal($('entry > published').text(), '2026-07-17T14:02:19Z', 'the date is that of the listing');
    assert.equal(render([aListed()]).$('contributor, dcterms\\:created').length, 0);
  });
});

describe('RFC 4287, section 4.2', () => {
  it('4.2.2: "the category element MUST have a term attribute": the title of the topic', () => {
    const { $ } = render([aListed()], aTopic({ title: 'Tea & "biscuits"' }));
    assert.equal($('category').attr('term'), 'Tea & "biscuits"');
  });

  it('4.2.6: the id of a feed "MUST NOT change" "when an Atom Document is relocated"', () => {
    const id = (topic: ReturnType<typeof aTopic>) => render([], topic).$('feed > id').text();
    assert.match(id(aTopic()), /^urn:uuid:/);
    assert.equal(id(aTopic({ slug: 'renamed', title: 'Renamed' })), id(aTopic()));
    assert.notEqual(id(aTopic({ id: 't0p1c00002' })), id(aTopic()));
  });

  it('4.2.6: the id of an entry is "permanent, universally unique", and the same in every form', () => {
    const entry = aListed();
    assert.equal(render([entry]).$('entry > id').text(), guidOf(entry.listedKey));
  });
});

describe('a reader of Atom', () => {
  it('finds all that it shows', async () => {
    const entry = aFullEntry();
    const { items, meta } = await readFeed(render([entry]).xml);
    assert.equal(meta.title, 'Static site generators · topichub');
    assert.equal(meta.description, aTopic().definition);
    assert.equal(meta.link, urls.topic(aTopic().slug));
    const [item] = items;
    assert.deepEqual(
      [item?.title, item?.link, item?.author, item?.description, item?.categories],
      [entry.shown.title, entry.url, '星の庭', entry.shown.excerpt, ['Static site generators']],
    );
    assert.equal(item?.pubdate?.toISOString(), '2026-07-17T14:02:19.000Z');
  });
});
