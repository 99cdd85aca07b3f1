import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Choice, editionOf, readChoice } from '../../server/feeds/choice.ts';
import { hubFeed } from '../../server/feeds/feed.ts';
import { urls } from '../support/pages.ts';
import { aListed, aTopic } from '../support/samples.ts';

const BREAD = aTopic({
  id: 'bread00001',
  slug: 'bread-baking',
  title: 'Bread baking',
  formerSlugs: ['bread'],
});
const SKY = aTopic({ id: 'sky0000001', slug: 'night-sky', title: 'Night sky' });
const SITES = aTopic({ id: 'sites00001' });
const ALL = [BREAD, SKY, SITES];

function chosen(query: Parameters<typeof readChoice>[0], all = ALL): Choice {
  const choice = readChoice(query, all);
  assert.ok(!('missing' in choice), JSON.stringify(choice));
  return choice;
}

const slugs = (choice: Choice) => choice.topics.map(topic => topic.slug);

describe('a feed over several topics', () => {
  it('is of all topics when nothing is chosen, or nothing is named', () => {
    for (const query of [{}, { in: '' }, { in: ',', not: '' }]) {
      assert.deepEqual(chosen(query).topics, ALL);
      assert.equal(chosen(query).search, '');
    }
  });

  it('is of those named by "in", whatever their order, in one form', () => {
    for (const asked of ['night-sky,bread-baking', 'Bread-Baking, night-sky,,night-sky', 'bread,night-sky']) {
      assert.deepEqual(slugs(chosen({ in: asked })), ['bread-baking', 'night-sky']);
      assert.equal(chosen({ in: asked }).search, '?in=bread-baking,night-sky');
    }
    assert.equal(chosen({ in: ['night-sky', 'bread'] }).search, '?in=bread-baking,night-sky');
  });

  it('is of all but those named by "not"', () => {
    assert.deepEqual(slugs(chosen({ not: 'night-sky' })), ['bread-baking', 'static-site-generators']);
    assert.equal(chosen({ not: 'night-sky' }).search, '?not=night-sky');
    assert.deepEqual(slugs(chosen({ not: ALL.map(topic => topic.slug).join() })), []);
  });

  it('is of the rest when a topic is named by both', () => {
    assert.equal(chosen({ in: 'bread,night-sky', not: 'bread-baking' }).search, '?in=night-sky');
    assert.deepEqual(readChoice({ in: 'bread', not: 'bread-baking' }, ALL), { missing: [] });
  });

  it('is none when "in" names what is no topic here, and says which', () => {
    assert.deepEqual(readChoice({ in: 'night-sky,nigth-sky,<b>' }, ALL), { missing: ['nigth-sky', '<b>'] });
  });

  it('is there although "not" names what is no topic any more', () => {
    assert.equal(chosen({ not: 'night-sky,long-gone' }).search, '?not=night-sky');
  });

  it('is named after its topics', () => {
    const titleOf = (query: Parameters<typeof readChoice>[0], all = ALL) => chosen(query, all).title;
    assert.equal(titleOf({}), 'All topics');
    assert.equal(titleOf({ in: 'night-sky,bread' }), 'Bread baking, Night sky');
    assert.equal(titleOf({ not: 'night-sky' }), 'All topics but Night sky');
    const four = ['a', 'b', 'c', 'd'].map(slug => aTopic({ id: slug, slug }));
    assert.equal(titleOf({ in: 'a,b,c,d' }, four), '4 topics');
  });

  it('is another edition whenever one of its topics changes, and only then', () => {
    const before = editionOf(chosen({ in: 'night-sky,bread' }));
    const after = (over: Partial<typeof SKY>) =>
      editionOf(chosen({ in: 'night-sky,bread' }, [BREAD, { ...SKY, ...over }, { ...SITES, version: 99 }]));
    assert.deepEqual(after({}), before);
    assert.notDeepEqual(after({ version: SKY.version + 1 }), before);
    assert.match(String(before.beside), /^[\w+-]+$/, 'may stand in an ETag');
  });
});

describe('the feed over several topics, as data', () => {
  const feedOf = (choice: Choice, posts: Parameters<typeof hubFeed>[0]['posts'] = []) =>
    hubFeed({ choice, posts, form: 'rss', siteName: 'topichub', urls });

  it('has all topics of a post as tags', () => {
    const post = { ...aListed(), topicIds: [SKY.id, 'gone000001', BREAD.id] };
    assert.deepEqual(feedOf(chosen({}), [post]).items[0]?.topics, ['Night sky', 'Bread baking']);
  });

  it('keeps its id when a topic is renamed, and has another one than every other choice', () => {
    const id = (query: Parameters<typeof readChoice>[0], all = ALL) => feedOf(chosen(query, all)).id;
    const renamed = [BREAD, { ...SKY, slug: 'sky', title: 'Sky', formerSlugs: ['night-sky'] }, SITES];
    assert.equal(id({ in: 'night-sky' }, renamed), id({ in: 'night-sky' }));
    const ids = [{}, { in: 'night-sky' }, { not: 'night-sky' }, { in: 'bread' }].map(query => id(query));
    assert.equal(new Set(ids).size, 4);
  });

  it('changed when the last of its topics did', () => {
    const all = [aTopic({ changedAt: 5 }), { ...SKY, changedAt: 9 }];
    assert.equal(feedOf(chosen({}, all)).updatedAt, 9);
    assert.equal(feedOf(chosen({}, [])).updatedAt, 0, 'on a hub without a topic');
  });
});
