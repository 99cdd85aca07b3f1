import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { targetKeys } from '../../server/topics/targets.ts';
import { createUrls } from '../../server/urls.ts';
import type { Instead, Wanted } from '../../server/verification/hop.ts';
import { readFetched } from '../../server/verification/look.ts';
import { writtenAddresses } from '../../server/verification/written-addresses.ts';

const HUB = 'https://hub.example';
const TOPIC = `${HUB}/t/night-sky`;
/** One letter from the topic's address. */
const NEAR = '<a href="https://hub.example/t/night-skx">near</a>';

/** A topic has six addresses (page, ping address, three feeds, receipt), and each of them is measured. */
const ADDRESSES = 6;

/** What comes near on a page that was pinged for so many topics; the first is that of `TOPIC`. */
function insteadOn(html: string, topics = 1): Instead[] {
  const wanted = Array.from({ length: topics }, (_, n): Wanted => {
    const topic = { slug: n === 0 ? 'night-sky' : `topic-${n}`, formerSlugs: [] };
    const targets = targetKeys([createUrls(HUB)], topic, `m3nt10n00${n}`);
    assert.equal(targets.length, ADDRESSES);
    return { id: String(n), targets, claim: { title: null, excerpt: null, blogName: null } };
  });
  const fetched = {
    status: 200,
    bytes: Buffer.from(html),
    contentType: 'text/html; charset=utf-8',
    robots: [],
  };
  const request = { url: 'https://blog.example/post', wanted, hubKeys: ['hub.example'] };
  return readFetched(request, fetched, 0).found.map(one => one.instead ?? assert.fail('it has no link'));
}

const insteadOf = (html: string, topics?: number) => insteadOn(html, topics)[0] as Instead;

/** Links to this hub, no two the same, all of them further from the topic than `NEAR` is. */
function farLinks(count: number): string {
  return Array.from({ length: count }, (_, n) => `<a href="${HUB}/elsewhere/${n}">far</a>`).join('');
}

/** Addresses of this hub that are no topic’s. */
const places = (count: number) => `${HUB}/nothing `.repeat(count);

describe('what is compared on a page without the link is bounded', () => {
  it('to 200 links to this hub', () => {
    const nearest = (html: string) => insteadOf(html).links[0]?.near;
    assert.equal(nearest(farLinks(199) + NEAR), true);
    assert.equal(nearest(farLinks(200) + NEAR), false);
  });

  it('to 2,000 comparisons for all of its topics together, a like share for each', () => {
    const topics = 5;
    const share = Math.ceil(2_000 / (topics * ADDRESSES));
    const nearest = (html: string) => insteadOf(html, topics).links[0]?.near;
    assert.equal(nearest(farLinks(share - 1) + NEAR), true);
    assert.equal(nearest(farLinks(share) + NEAR), false);
  });

  it('to one link for each of its topics, where those are many', () => {
    const many = insteadOn(NEAR + farLinks(200), 400);
    assert.equal(many[0]?.links.length, 1);
    assert.equal(many[0]?.links[0]?.near, true);
  });

  it('to the ten nearest links for each topic, with their sentences', () => {
    const all = insteadOn(farLinks(150) + NEAR + farLinks(9_000), 2);
    for (const { links } of all) assert.equal(links.length, 10);
    assert.equal(all[0]?.links[0]?.key, 'hub.example/t/night-skx');
  });

  it('to 200 places in the text that name this hub', () => {
    assert.equal(insteadOf(`<p>${places(199)}${TOPIC}</p>`).bare?.address, TOPIC);
    assert.equal(insteadOf(`<p>${places(200)}${TOPIC}</p>`).bare, null);
  });

  it('to 200 places in the source', () => {
    assert.equal(insteadOf(`<!-- ${places(199)}${TOPIC} -->`).hidden?.address, TOPIC);
    assert.equal(insteadOf(`<!-- ${places(200)}${TOPIC} -->`).hidden, null);
  });

  it('to 500 letters behind the host', () => {
    const [written] = writtenAddresses(`hub.example/${'a'.repeat(9_000)}`, ['hub.example']).values();
    assert.equal(written?.key, `hub.example/${'a'.repeat(499)}`);
    const signs = `/t/night-sky${'.-'.repeat(200)}`;
    const keys = [...writtenAddresses(`hub.example${signs}`, ['hub.example']).keys()];
    assert.deepEqual(keys, [`hub.example${signs}`, 'hub.example/t/night-sky']);
  });
});
