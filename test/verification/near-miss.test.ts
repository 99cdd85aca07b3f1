import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyOf } from '../../server/mentions/source-key.ts';
import { slugIn, targetKeys } from '../../server/topics/targets.ts';
import { createUrls } from '../../server/urls.ts';
import { evidenceOf } from '../../server/verification/evidence.ts';
import type { Wanted } from '../../server/verification/hop.ts';
import { readFetched } from '../../server/verification/look.ts';

const HUB = 'https://hub.example';
const TOPIC = `${HUB}/t/static-site-generators`;
const PAGE = 'https://blog.example/post';
const SLUGS = ['static-site-generators', 'feeds-and-readers', 'static-site-generator-tools', 'rust'];

interface Over {
  hub?: string;
  /** The topics the post was pinged for; the answers are in this order. */
  pinged?: string[];
  page?: string;
}

/** What a look makes of a page: the evidence for each topic that was pinged. The id of a topic is its slug. */
async function evidenceOn(html: string, over: Over = {}) {
  const { hub = HUB, pinged = ['static-site-generators'], page = PAGE } = over;
  const urls = createUrls(hub);
  const wanted = pinged.map((slug): Wanted => {
    const targets = targetKeys([urls], { slug, formerSlugs: [] }, 'm3nt10n001');
    return { id: slug, targets, claim: { title: null, excerpt: null, blogName: null } };
  });
  const fetched = {
    status: 200,
    bytes: Buffer.from(html),
    contentType: 'text/html; charset=utf-8',
    robots: [],
  };
  const answer = readFetched({ url: page, wanted, hubKeys: [keyOf(new URL(hub))] }, fetched, 0);
  const look = { answer, finalUrl: page, redirects: 0, tookMs: 0 };
  const topicAt = async (key: string) => {
    const slug = slugIn([urls], key);
    return slug !== null && SLUGS.includes(slug) ? { id: slug, receipt: false } : null;
  };
  return Promise.all(pinged.map(id => evidenceOf(topicAt, { id, topicId: id }, look)));
}

async function missOn(html: string, over?: Over) {
  const [evidence] = await evidenceOn(html, over);
  assert.equal(evidence?.link, null);
  assert.ok(evidence?.miss);
  return evidence.miss;
}

const kind = async (html: string, over?: Over) => (await missOn(html, over)).kind;
const a = (href: string, text = 'them') => `<a href="${href}">${text}</a>`;

const NAV = `<nav>${a('/')} ${a('https://elsewhere.example/t/static-site-generators')}</nav>`;

describe('the nearest miss', () => {
  it('(a) is an address of this hub that is nearly the topic’s', async () => {
    for (const href of [
      `${HUB}/t/static-site-generator`,
      `${HUB}/t/static-site-generatorss`,
      `${HUB}/t/static-site-genarators`,
      `${HUB}/t/statci-site-gnerators`,
      `${HUB}/t/static_site_generators`,
      `${HUB}/static-site-generators`,
      `${HUB}/topic/static-site-generators`,
      `${HUB}/t/static-site-generators/read-more-about-it-here`,
      `${HUB}/t/static-site-generators?page=2`,
      `${HUB}/t/static-site-generators).`,
      `${HUB}/t/static-site-generator/trackback`,
      `${HUB}/t/static-site-generator.rss`,
    ]) {
      const html = `${NAV}<p>More are under ${a(href, 'static site generators')}, if you like.</p><p>${a(`${HUB}/`)}`;
      assert.deepEqual(
        await missOn(html),
        {
          kind: 'differs',
          address: href,
          sentence: 'More are under static site generators, if you like.',
        },
        href,
      );
    }
  });

  it('(a) is the nearest of several, but no topic of its own', async () => {
    const html = [
      `${HUB}/t/rust`,
      `${HUB}/t/static-site-generator-tools`,
      `${HUB}/t/static-site-gens`,
      `${HUB}/t/static-site-generater`,
      `${HUB}/about`,
    ]
      .map(href => `<p>${a(href, href)}</p>`)
      .join('');
    const miss = await missOn(html);
    assert.equal('address' in miss && miss.address, `${HUB}/t/static-site-generater`);
  });

  it('(a) is measured by the length of the address: two letters of a short one, a quarter of a long one', async () => {
    const home = a(HUB);
    const rust = { pinged: ['rust'] };
    assert.equal(await kind(home + a(`${HUB}/t/dust`), rust), 'differs');
    assert.equal(await kind(home + a(`${HUB}/t/trust-`), rust), 'differs');
    assert.equal(await kind(home + a(`${HUB}/t/go`), rust), 'front-page');
    assert.equal(await kind(home + a(`${HUB}/t/static-hosting`)), 'front-page');
  });

  it('(b) is no miss: the ping address and the feed count', async () => {
    const [ping] = await evidenceOn(`<p>About ${a(`${TOPIC}/trackback`)}.</p>`);
    assert.deepEqual(ping?.link, {
      to: 'ping-address',
      address: `${TOPIC}/trackback`,
      sentence: 'About them.',
    });
    assert.equal(ping?.miss, null);
    assert.equal((await evidenceOn(a(`${TOPIC}.rss`)))[0]?.link?.to, 'feed');
  });

  it('(c) is the front page of the hub', async () => {
    for (const href of [
      HUB,
      `${HUB}/`,
      'http://www.hub.example./#x',
      `${HUB}/?utm_source=blog`,
      `${HUB}/?q=x`,
    ]) {
      const html = `${NAV}<p>See ${a(href)}.</p><p>${TOPIC}</p>${a(`${HUB}/t/feeds-and-readers`)}`;
      assert.deepEqual(
        await missOn(html),
        { kind: 'front-page', address: URL.parse(href)?.href, sentence: 'See them.' },
        href,
      );
    }
  });

  it('(d) is another topic, the nearest first', async () => {
    for (const href of [
      `${HUB}/t/feeds-and-readers`,
      `${HUB}/t/Feeds-and-Readers/trackback`,
      `${HUB}/t/feeds-and-readers.rss`,
      `${HUB}/t/feeds-and-readers?before=x`,
    ]) {
      const html = `${NAV}<p>See ${a(href)}.</p><p>${TOPIC}</p>`;
      assert.deepEqual(
        await missOn(html),
        { kind: 'other-topic', topicId: 'feeds-and-readers', address: href, sentence: 'See them.' },
        href,
      );
    }
    const miss = await missOn(a(`${HUB}/t/rust`) + a(`${HUB}/t/static-site-generator-tools`));
    assert.equal(miss.kind === 'other-topic' && miss.topicId, 'static-site-generator-tools');
  });

  it('(e) is the address as text', async () => {
    for (const written of [
      TOPIC,
      'http://hub.example/t/static-site-generators/',
      'hub.example/t/static-site-generators',
      'WWW.Hub.Example/t/static-site-generators',
      '//hub.example/t/static-site-generators',
      `(${TOPIC})`,
      `${TOPIC}.`,
      `“${TOPIC}”,`,
      `&lt;${TOPIC}&gt;`,
      `Link:${TOPIC}!`,
      `「${TOPIC}」を見て`,
      `サイトは${TOPIC}です`,
      'https&colon;//hub.example&sol;t/static<wbr>-site-<b>generators</b>',
      `${TOPIC}/trackback`,
      `${TOPIC}.rss.`,
      `${TOPIC}?utm_source=x#top`,
      `https://hub.example/t/nothing ${TOPIC}`,
      a('https://short.example/x', TOPIC),
    ]) {
      const miss = await missOn(`${NAV}<p>Filed under ${written} and so on.</p>`);
      assert.equal(miss.kind, 'not-a-link', written);
      assert.ok(
        miss.kind === 'not-a-link' &&
          /hub\.example\/t\/static-site-generators/.test(miss.address) &&
          miss.sentence?.startsWith('Filed under '),
        written,
      );
    }
    const miss = await missOn(`${NAV}<p>Filed under (${TOPIC}).</p>`);
    assert.deepEqual(miss, { kind: 'not-a-link', address: TOPIC, sentence: `Filed under (${TOPIC}).` });
  });

  it('(e) is not the end of another address, nor one that is longer', async () => {
    for (const written of [
      'https://nothub.example/t/static-site-generators',
      'https://my.hub.example/t/static-site-generators',
      'https://archive.example/https://hub.example/t/static-site-generators',
      'https://go.example/?u=https://hub.example/t/static-site-generators',
      'https://go.example/?a=b&amp;u=https://hub.example/t/static-site-generators',
      'ftp://hub.example/t/static-site-generators',
      'me@hub.example/t/static-site-generators',
      'https://hub.example.evil.example/t/static-site-generators',
      'https://hub.example:8443/t/static-site-generators',
      'https://hub.example/t/static-site-generators-and-more',
      'static-site-generators',
    ]) {
      assert.equal(await kind(`${NAV}<p>${written}</p>`), 'elsewhere', written);
    }
  });

  it('(e) finds a hub whose name is in its own script, in either form, below a path and on a port', async () => {
    const over = { hub: 'https://bücher.example:8080/hub', pinged: ['rust'] };
    for (const written of [
      'https://bücher.example:8080/hub/t/rust',
      'BÜCHER.example:8080/hub/t/rust.',
      'xn--bcher-kva.example:8080/hub/t/rust',
    ]) {
      assert.equal(await kind(`${NAV}<p>${written}</p>`, over), 'not-a-link', written);
    }
    assert.equal(await kind(a('//bücher.example:8080/hub/t/ruts'), over), 'differs');
    assert.equal(await kind(a('//bücher.example:8080/HUB/t/rust'), over), 'differs');
    assert.equal(await kind(a('//bücher.example:8080/hub/'), over), 'front-page');
    assert.equal(await kind(a('//bücher.example:8080/hub/t/feeds-and-readers'), over), 'other-topic');
    assert.equal(await kind(a('//bücher.example:8080/blog/t/rust'), over), 'elsewhere');
    assert.equal(await kind(a('//bücher.example/hub/t/rust'), over), 'elsewhere');
    assert.equal((await evidenceOn(a('//BÜCHER.example:8080/hub/t/rust'), over))[0]?.link?.to, 'page');
    assert.equal((await evidenceOn(a('//bücher.example:8080/hub/T/Rust'), over))[0]?.link?.to, 'page');
  });

  it('(f) is a link that no reader sees', async () => {
    const link = a(TOPIC);
    for (const html of [
      `<!-- ${link} -->`,
      `<!-- <a href=${TOPIC}>x</a> -->`,
      `<script>document.write('${link}')</script>`,
      `<script>{"html":"<a href=\\"https:\\/\\/hub.example\\/t\\/static-site-generators\\">"}</script>`,
      `<style>/* ${link} */</style>`,
      `<template>${link}</template>`,
      `<textarea>${link}</textarea>`,
      `<iframe>${link}</iframe>`,
      `<iframe srcdoc="&lt;a href=&quot;https:&#x2F;&#x2F;hub.example&#x2F;t&#x2F;static-site-generators&quot;&gt;"></iframe>`,
      `<noframes>${link}</noframes>`,
      `<xmp>${link}</xmp>`,
      `<link rel=related href="${TOPIC}/">`,
      `<a data-href='${TOPIC}'>x</a>`,
      `<p>cut off <a href="${TOPIC}"`,
    ]) {
      assert.deepEqual(
        await missOn(NAV + html),
        { kind: 'hidden', address: /\/">$/.test(html) ? `${TOPIC}/` : TOPIC, sentence: null },
        html,
      );
    }
    assert.equal(await kind(a(`https://go.example/?u=${TOPIC}`)), 'elsewhere', 'part of a link to elsewhere');
    assert.equal(await kind(a(`https://archive.example/${TOPIC}`)), 'elsewhere');
  });

  it('(f) comes after the address that is seen, and before a link that is far away', async () => {
    assert.equal(await kind(`<!-- ${a(TOPIC)} --><p>${TOPIC}</p>`), 'not-a-link');
    assert.equal(await kind(`<!-- ${a(TOPIC)} -->${a(`${HUB}/about`)}`), 'hidden');
  });

  it('(g) is links, but none to this hub', async () => {
    assert.deepEqual(await missOn(NAV), { kind: 'elsewhere' });
    assert.equal(await kind(a('https://hub.example.evil.example/')), 'elsewhere');
    const far = await missOn(NAV + a(`${HUB}/about`, 'About'));
    assert.deepEqual(far, { kind: 'differs', address: `${HUB}/about`, sentence: 'About' });
  });

  it('(h) is no link at all in the HTML', async () => {
    for (const html of [
      '',
      '<p>nothing</p>',
      '<div id=root></div><script src="/app.js"></script>',
      '<a name=x>x</a>',
      `<div id=root></div><script>{"html":"${TOPIC}"}</script>`,
    ]) {
      assert.deepEqual(await missOn(html), { kind: 'no-links' }, html);
    }
  });
});

describe('the nearest miss of several topics', () => {
  it('is each one’s own', async () => {
    const html = `<p>${a(`${TOPIC}`)}</p><p>hub.example/t/rust</p><!-- hub.example/t/feeds-and-readers -->`;
    const [found, , text] = await evidenceOn(html, { pinged: [...SLUGS.slice(0, 2), 'rust'] });
    assert.equal(found?.link?.address, TOPIC);
    assert.equal(found?.miss, null);
    assert.deepEqual(text?.miss, {
      kind: 'other-topic',
      topicId: 'static-site-generators',
      address: TOPIC,
      sentence: 'them',
    });
    const [rust, feeds, none] = await evidenceOn(html.replace(/<a.*?<\/a>/, a('/')), {
      pinged: ['rust', 'feeds-and-readers', 'static-site-generators'],
    });
    assert.deepEqual(
      [rust, feeds, none].map(one => one?.miss?.kind),
      ['not-a-link', 'hidden', 'elsewhere'],
    );
  });
});

describe('a link to this hub is one', () => {
  it('from the base of the page, with entities in it, and from a page of the hub', async () => {
    const base = `<base href="${HUB}/t/">`;
    assert.equal(await kind(`${base}${a('static-site-generater')}`), 'differs');
    assert.equal(await kind(`${base}${a('..')}`), 'front-page');
    assert.equal(await kind(`${base}${a('feeds&#45;and-readers')}`), 'other-topic');
    assert.equal(await kind(a('/t/rust'), { page: `${HUB}/elsewhere/post` }), 'other-topic');
  });
});

describe('what evidence holds', () => {
  it('is bounded, whatever the page', async () => {
    const long = `${HUB}/t/${'static-site-generators-'.repeat(85)}`;
    const text = 'Ein Satz mit Wörtern. '.repeat(500);
    const miss = await missOn(
      `<base href="${HUB}/${'ü'.repeat(2000)}"><p>${text}${a(`${long}?${'ü'.repeat(20)}`)}${text}</p>`,
    );
    assert.equal(miss.kind, 'differs');
    assert.ok('address' in miss && miss.address.length <= 2048 && (miss.sentence?.length ?? 0) <= 301);
    const bare = await missOn(`<p>hub.example/t/static-site-generators?utm_source=${'é'.repeat(3000)}`);
    assert.ok('address' in bare && bare.address.length <= 2048);
  });

  it('of a page: its status, bytes and links', async () => {
    const html = `${NAV}<img src=/x.png>${a(TOPIC)}`;
    const [evidence] = await evidenceOn(html);
    assert.deepEqual([evidence?.status, evidence?.bytes, evidence?.links], [200, html.length, 3]);
  });
});
