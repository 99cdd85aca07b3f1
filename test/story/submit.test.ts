import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type CheerioAPI, load } from 'cheerio';
import { StoreAway } from '../../server/storage/storage.ts';
import { aBlog, aPost } from '../support/blog.ts';
import { SECOND } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { said } from '../support/pages.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

type Fields = { url?: string; topic?: string; do?: string };

const send = (hub: TestHub, body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
  fetch(`${hub.address}/submit`, { method: 'POST', body, headers, redirect: 'manual' });

/** Sends the form as a browser does, and opens what comes. */
async function submit(hub: TestHub, fields: Fields): Promise<{ answer: Response; $: CheerioAPI }> {
  const answer = await send(hub, new URLSearchParams(fields));
  return { answer, $: load(await answer.text()) };
}

const preview = (hub: TestHub, path: string, topic = TOPIC) =>
  submit(hub, { url: hub.blog.at(path), topic, do: 'preview' });

/** Everything that is stored of any post or ping. */
async function stored(hub: TestHub) {
  const topics = await hub.storage.topics.list();
  const posts = await Promise.all(topics.map(topic => hub.storage.mentions.all(topic.id, 100)));
  return {
    posts: posts.flat(),
    versions: topics.map(topic => topic.version),
    due: await hub.storage.mentions.nextDueIn(),
  };
}

const refusalsOf = (hub: TestHub, path: string) =>
  hub.storage.refusals.ofKey(hub.blog.at(path).replace('http://', ''));

/** What the page says is wrong: in its summary, and at its fields. */
const problemsOn = ($: CheerioAPI) => ({
  summary: $('.problem li')
    .toArray()
    .map(item => [said($(item).text()), $(item).find('a').attr('href') ?? null]),
  atUrl: said($('#url-error').text()),
  atTopic: said($('#topic-error').text()),
});

describe('the form for a post', () => {
  it('takes one, answers with its receipt, and the post is listed', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const { answer } = await submit(hub, { url: ` ${hub.blog.at('/orion')} `, topic: TOPIC });
    assert.equal(answer.status, 303);
    const { posts } = await stored(hub);
    assert.equal(answer.headers.get('location'), `/pings/${posts[0]?.id}`);
    assert.deepEqual(
      posts.map(post => post.doors.map(door => door.via)),
      [['form']],
    );
    const page = await until(async () => {
      const text = await hub.text(`/t/${TOPIC}`);
      return text.includes('Orion in winter') && load(text);
    });
    assert.equal(said(page('.via').text()), 'via Form');
    assert.equal((await hub.get(String(answer.headers.get('location')))).status, 200);
  });

  it('takes a topic in other letters, under its former address, and from the empty topic page', async test => {
    const hub = await aHub(test);
    const topic = await hub.storage.topics.bySlug(TOPIC);
    await hub.storage.topics.change(String(topic?.id), { slug: 'starry-night' });
    for (const [path, slug] of [
      ['/1', 'Starry-Night'],
      ['/2', TOPIC],
    ] as const) {
      const { answer } = await submit(hub, { url: hub.blog.at(path), topic: slug });
      assert.equal(answer.status, 303, slug);
    }
    const $ = load(await hub.text('/t/bread-baking'));
    const form = $('.river form');
    assert.deepEqual([form.attr('method'), form.attr('action')], ['post', '/submit']);
    assert.equal(form.find('input[name=topic]').attr('value'), 'bread-baking');
    assert.equal($(`label[for=${form.find('input[name=url]').attr('id')}]`).text(), 'Address of your post');
  });

  it('lists all topics by title, and is filled in by its address', async test => {
    const hub = await aHub(test);
    const url = '"><script>alert(1)</script>&x=1';
    const $ = load(await hub.text(`/submit?${new URLSearchParams({ topic: TOPIC, url })}`));
    assert.equal($('#url').attr('value'), url);
    assert.equal($('main script').length, 0);
    assert.deepEqual(
      $('#topic option')
        .toArray()
        .map(option => $(option).text()),
      ['Choose a topic', 'Bread baking', 'Night sky', 'Static site generators'],
    );
    assert.equal($('#topic option[selected]').attr('value'), TOPIC);
    assert.equal($('meta[name=robots]').attr('content'), 'noindex');
    assert.equal($('.problem').length, 0);

    const plain = load(await hub.text('/submit?topic=nobody&url=a&url=b'));
    assert.equal(plain('#topic option[selected]').length, 0);
    assert.equal(plain('#url').attr('value'), 'a');
    assert.equal(load(await hub.text('/submit'))('meta[name=robots]').length, 0);
    assert.equal((await hub.get('/Submit/?url=x')).headers.get('location'), `${hub.address}/submit?url=x`);
  });

  const long = `https://blog.example/${'x'.repeat(3_000)}`;
  const AT_URL: [what: string, url: (hub: TestHub) => string, words: string][] = [
    ['nothing', () => ' ', 'Enter the address of your post'],
    ['no scheme', () => 'blog.example/orion', 'Enter a full address, beginning with https://'],
    ['another scheme', () => 'javascript:alert(1)', 'Enter a full address, beginning with https://'],
    ['a line break', () => 'https://blog.example/a\nb', 'Enter a full address, beginning with https://'],
    ['NUL', () => 'https://blog.example/\0', 'Enter a full address, beginning with https://'],
    [
      'a private address',
      () => 'http://127.0.0.1:22/x',
      'This address is not on the public web. Enter the one your readers see',
    ],
    ['too much', () => long, 'This address is longer than 2048 characters'],
    [
      'a front page',
      hub => hub.blog.at('/'),
      'This address is a blog’s front page. Give the address of one post',
    ],
    [
      'the topic itself',
      hub => hub.hub.urls.topic(TOPIC),
      'This is the address of the topic. Give the address of your own post',
    ],
    [
      'its feed',
      hub => hub.hub.urls.feed(TOPIC, 'rss'),
      'This is the address of the topic. Give the address of your own post',
    ],
    [
      'another page of ours',
      hub => hub.hub.urls.home,
      'This is an address of this hub. Give the address of your own post',
    ],
    [
      'a topic with a longer name',
      hub => `${hub.hub.urls.topic(TOPIC)}-2`,
      'This is an address of this hub. Give the address of your own post',
    ],
  ];

  it('says at its field what is wrong with an address, whichever button was pressed', async test => {
    const hub = await aHub(test);
    for (const [what, url, words] of AT_URL) {
      for (const button of ['', 'preview']) {
        const { answer, $ } = await submit(hub, { url: url(hub), topic: TOPIC, do: button });
        assert.equal(answer.status, 422, what);
        assert.equal(answer.headers.get('cache-control'), 'no-store');
        assert.deepEqual(problemsOn($), {
          summary: [[words, '#url']],
          atUrl: `Error: ${words}`,
          atTopic: '',
        });
        assert.match($('title').text(), /^Error: Submit a post/);
        assert.equal($('#url').attr('aria-invalid'), 'true');
        assert.equal($('#url').attr('aria-describedby'), 'url-hint url-error');
        assert.equal($('#topic').attr('aria-invalid'), undefined);
        const problem = $('main > .problem[role=alert][tabindex=-1]');
        assert.ok(problem.nextAll().find('h1').length === 1, 'the summary stands before the h1');
        // What was typed stays.
        assert.equal($('#topic option[selected]').attr('value'), TOPIC);
        if (what !== 'NUL' && what !== 'a line break') assert.equal($('#url').attr('value'), url(hub).trim());
      }
    }
    assert.deepEqual((await stored(hub)).posts, []);
    assert.deepEqual(hub.blog.requests, []);
  });

  it('says what is wrong with both fields at once', async test => {
    const hub = await aHub(test);
    for (const topic of ['', 'nobody', '../x', '__proto__']) {
      const { answer, $ } = await submit(hub, { url: hub.blog.at('/'), topic });
      assert.equal(answer.status, 422);
      const frontPage = 'This address is a blog’s front page. Give the address of one post';
      assert.deepEqual(problemsOn($), {
        summary: [
          [frontPage, '#url'],
          ['Choose a topic', '#topic'],
        ],
        atUrl: `Error: ${frontPage}`,
        atTopic: 'Error: Choose a topic',
      });
      assert.equal($('#topic').attr('aria-describedby'), 'topic-hint topic-error');
    }
  });

  it('says that a post was taken down for good', async test => {
    const hub = await aHub(test);
    await submit(hub, { url: hub.blog.at('/1'), topic: TOPIC });
    const [post] = (await stored(hub)).posts;
    await hub.storage.mentions.remove(String(post?.topicId), String(post?.key));
    const { answer, $ } = await submit(hub, { url: hub.blog.at('/1'), topic: TOPIC });
    assert.equal(answer.status, 422);
    assert.match(problemsOn($).atUrl, /taken off the list/);
  });

  it('asks once more where a page of another site sent it, and records nothing', async test => {
    const hub = await aHub(test, { config: { baseUrlAliases: ['https://old.hub.example'] } });
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const url = hub.blog.at('/orion');
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { Origin: 'https://elsewhere.example' },
      { Origin: 'null' },
    ] as Record<string, string>[]) {
      for (const button of ['', 'preview']) {
        const answer = await send(hub, new URLSearchParams({ url, topic: TOPIC, do: button }), headers);
        assert.equal(answer.status, 200);
        const $ = load(await answer.text());
        assert.deepEqual([$('#url').attr('value'), $('#topic option[selected]').attr('value')], [url, TOPIC]);
        assert.equal($('.problem, .entry').length, 0);
      }
    }
    assert.deepEqual((await stored(hub)).posts, []);
    assert.deepEqual(hub.blog.requests, []);
    for (const headers of [
      { 'Sec-Fetch-Site': 'same-origin', Origin: hub.address },
      { Origin: 'https://old.hub.example' },
    ] as Record<string, string>[]) {
      assert.equal((await send(hub, new URLSearchParams({ url, topic: TOPIC }), headers)).status, 303);
    }
  });

  it('answers a page to what no browser sends', async test => {
    const hub = await aHub(test);
    const urlencoded = 'application/x-www-form-urlencoded';
    const cases: [
      what: string,
      body: NonNullable<RequestInit['body']>,
      headers: Record<string, string>,
      status: number,
    ][] = [
      ['JSON', '{"url":{"$gt":""}}', { 'content-type': 'application/json' }, 415],
      ['several parts', new FormData(), {}, 415],
      ['a large body', `url=${'x'.repeat(65_536)}`, { 'content-type': urlencoded }, 413],
      ['a compressed body', 'x', { 'content-type': urlencoded, 'content-encoding': 'gzip' }, 415],
      ['operators', 'url[$gt]=&topic[$ne]=x', { 'content-type': urlencoded }, 422],
      ['bytes that are no UTF-8', 'url=%FF&topic=%E0%A4%A', { 'content-type': urlencoded }, 422],
      ['no body', '', { 'content-type': urlencoded }, 422],
    ];
    for (const [what, body, headers, status] of cases) {
      const answer = await send(hub, body, headers);
      assert.equal(answer.status, status, what);
      assert.match(await answer.text(), /There is a problem/);
    }
    assert.equal((await hub.get('/livez')).status, 200);
    assert.deepEqual((await stored(hub)).posts, []);
  });

  it('keeps what was typed while the store is away', async test => {
    const hub = await aHub(test);
    const away = async () => Promise.reject(new StoreAway('gone'));
    const { topics } = hub.storage;
    const { bySlug, list } = topics;
    Object.assign(topics, { bySlug: away, list: away });
    test.after(() => Object.assign(topics, { bySlug, list }));
    for (const button of ['', 'preview']) {
      const { answer, $ } = await submit(hub, { url: hub.blog.at('/orion'), topic: TOPIC, do: button });
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '30');
      assert.equal($('#url').attr('value'), hub.blog.at('/orion'));
      assert.equal($('#topic option[selected]').attr('value'), TOPIC);
      assert.match(problemsOn($).summary[0]?.[0] ?? '', /Nothing could be recorded/);
      assert.equal($('[aria-invalid]').length, 0, 'no field is to blame');
    }
  });
});

describe('a preview', () => {
  it('shows what readers would see, on the page and in the feed, and stores nothing', async test => {
    const hub = await aHub(test);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    const before = await stored(hub);
    const { answer, $ } = await preview(hub, '/orion');
    assert.equal(answer.status, 200);
    assert.equal(said($('#preview').text()), 'Your post would be on Night sky');
    assert.equal(said($('.entry h3').text()), 'Orion in winter');
    assert.equal($('.entry h3 a').attr('href'), hub.blog.at('/orion'));
    assert.match(said($('.entry .p-summary').text()), /^Three stars in a row, seen with the night sky topic/);
    assert.equal(said($('.entry .who').text()), 'Starlight');
    assert.equal($('.entry a[href*="/pings/"]').length, 0, 'there is no receipt');
    assert.deepEqual(
      $('.step')
        .toArray()
        .map(step => said($(step).find('h3').text())),
      ['Post fetched Done', 'Link to the topic Found'],
    );
    assert.match(
      $('pre').text(),
      /^<item>\n {2}<title><!\[CDATA\[Orion in winter\]\]><\/title>\n[\s\S]*\n<\/item>$/,
    );
    assert.match($('pre').text(), /<dc:creator><!\[CDATA\[Starlight\]\]>/);
    assert.equal($('#url').attr('value'), hub.blog.at('/orion'));
    assert.equal(hub.blog.requests.length, 1);
    assert.deepEqual(await stored(hub), before);
    assert.deepEqual(before.posts, []);

    // The real thing then looks the same.
    await submit(hub, { url: hub.blog.at('/orion'), topic: TOPIC });
    const page = await until(async () => {
      const text = await hub.text(`/t/${TOPIC}`);
      return text.includes('Orion in winter') && load(text);
    });
    assert.equal(said(page('.entry .p-summary').text()), said($('.entry .p-summary').text()));
    const guid = /<guid[^>]*>[^<]+/.exec($('pre').text())?.[0];
    assert.ok((await hub.text(`/t/${TOPIC}.rss`)).includes(String(guid)));
  });

  it('promises nothing for a post that was taken down, under any address that leads to it', async test => {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic(TOPIC);
    hub.blog.put('/orion', aPost({ link }));
    for (const path of ['/old', '/short'])
      hub.blog.put(path, (_request, response) => response.writeHead(301, { Location: '/orion' }).end());
    await submit(hub, { url: hub.blog.at('/old'), topic: TOPIC });
    const post = await until(async () => (await stored(hub)).posts.find(one => one.status === 'listed'));
    assert.equal((await preview(hub, '/short')).answer.status, 200, 'while it is listed');
    await hub.storage.mentions.remove(post.topicId, post.key);
    const before = await stored(hub);
    const looked = hub.blog.requests.length;
    for (const path of ['/old', '/short']) {
      const { answer, $ } = await preview(hub, path);
      assert.equal(answer.status, 422, path);
      assert.match(problemsOn($).atUrl, /taken off the list/, path);
      assert.equal($('.entry, pre').length, 0);
    }
    assert.equal(hub.blog.requests.length, looked + 2, 'the address that is refused is not fetched');
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic('bread-baking') }));
    assert.equal(
      (await preview(hub, '/old', 'bread-baking')).answer.status,
      200,
      'in another topic it is free',
    );
    assert.deepEqual(await stored(hub), before);
    assert.deepEqual(await refusalsOf(hub, '/old'), []);
  });

  it('counts no refusal, as a ping of the same address would', async test => {
    const hub = await aHub(test);
    const fields = { url: hub.blog.at('/orion'), topic: 'nobody' };
    await submit(hub, { ...fields, do: 'preview' });
    assert.deepEqual(await refusalsOf(hub, '/orion'), []);
    await submit(hub, fields);
    assert.equal((await refusalsOf(hub, '/orion')).length, 1);
  });

  it('says how near a post without the link comes, and which address is wanted', async test => {
    const hub = await aHub(test);
    const link = hub.hub.urls.topic('night-skys');
    const cases: [what: string, html: string, words: RegExp][] = [
      ['no link', aPost(), /The one link in the post does not lead to this hub\./],
      ['a letter too much', aPost({ link }), /differs here: .*Your post links to/],
      ['the front page', aPost({ link: hub.hub.urls.home }), /front page of the hub, not to the topic/],
      ['another topic', aPost({ link: hub.hub.urls.topic('bread-baking') }), /links to Bread baking, but/],
      ['only its words', aPost({ text: hub.hub.urls.topic(TOPIC) }), /stands in the text but is not a link/],
      ['no link at all', '<p>Orion</p>', /We found no links in the HTML of this page/],
    ];
    for (const [what, html, words] of cases) {
      hub.blog.put('/orion', html);
      const { answer, $ } = await preview(hub, '/orion');
      assert.equal(answer.status, 200, what);
      assert.equal(said($('#preview').text()), 'We read your post, but it does not link to Night sky', what);
      assert.match(said($('.step').eq(1).text()), words, what);
      assert.equal($('.wanted').text().trim(), hub.hub.urls.topic(TOPIC));
      assert.equal($('.entry, pre').length, 0);
    }
    assert.deepEqual((await stored(hub)).posts, []);
  });

  it('says why a post could not be read', async test => {
    const hub = await aHub(test);
    const gone = await aBlog(test);
    hub.allow(gone);
    hub.blog.put('/gone', (_request, response) => response.writeHead(410).end());
    hub.blog.put('/private', (_request, response) => response.writeHead(403).end());
    hub.blog.put('/picture', { type: 'image/png', body: new Uint8Array(8) });
    hub.blog.put('/breaks-off', (_request, response) => response.socket?.destroy());
    hub.blog.put('/home', (_request, response) => response.writeHead(302, { Location: '/' }).end());
    hub.blog.put('/inside', (_request, response) =>
      response.writeHead(302, { Location: 'http://10.0.0.1/post' }).end(),
    );
    // Ten seconds pass while this one is fetched.
    hub.blog.put('/slow', (_request, response) => {
      hub.clock.advance(10 * SECOND);
      response.writeHead(302, { Location: '/slower' }).end();
    });
    const cases: [path: string, words: RegExp][] = [
      ['/absent', /answered 404 Not Found: there is no page at this address/],
      ['/gone', /answered 410 Gone/],
      ['/private', /answered 403 Forbidden\. A login or a bot filter/],
      ['/picture', /leads to a file, not to a web page/],
      ['/breaks-off', /breaks off|did not take our connection/],
      ['/home', /redirects/],
      ['/inside', /not on the public web/],
      ['/slow', /did not answer within 10 seconds/],
    ];
    for (const [path, words] of cases) {
      const { answer, $ } = await preview(hub, path);
      assert.equal(answer.status, 200, path);
      assert.equal(said($('#preview').text()), 'We could not read your post', path);
      assert.match(said($('.step').first().text()), words, path);
      assert.match(said($('.step').eq(1).text()), /Not reached/);
    }
    assert.deepEqual((await stored(hub)).posts, []);
  });

  it('makes nothing of what a hostile page holds', async test => {
    const hub = await aHub(test);
    const evil = '</pre><script>alert(1)</script>{{title}}';
    const escaped = evil.replaceAll('<', '&lt;');
    hub.blog.put('/evil', aPost({ title: escaped, text: escaped, link: hub.hub.urls.topic(TOPIC) }));
    const { $ } = await preview(hub, '/evil');
    assert.equal($('script').length, 0);
    assert.equal(said($('.entry h3').text()), evil);
    assert.ok($('pre').text().includes(evil));

    hub.blog.put('/endless', `${'<div>'.repeat(200_000)}<a href="${hub.hub.urls.topic(TOPIC)}">x</a>`);
    assert.equal((await preview(hub, '/endless')).answer.status, 200);
  });

  it('is made by a process that looks at nothing else', async test => {
    const hub = await aHub(test, { config: { role: 'web' } });
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    assert.equal(said((await preview(hub, '/orion')).$('.entry h3').text()), 'Orion in winter');
  });

  it('is made for eight at once; the ninth is told to come back, and the others are answered', async test => {
    const hub = await aHub(test);
    const waiting: (() => void)[] = [];
    hub.blog.put('/waits', (_request, response) =>
      waiting.push(() => response.writeHead(200, { 'Content-Type': 'text/html' }).end(aPost())),
    );
    const eight = Array.from({ length: 8 }, () => preview(hub, '/waits'));
    await until(() => waiting.length === 8);
    const { answer, $ } = await preview(hub, '/waits');
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '10');
    assert.match(problemsOn($).summary[0]?.[0] ?? '', /^Too many previews are being made right now/);
    assert.equal($('#url').attr('value'), hub.blog.at('/waits'));
    // A ping is not kept out by previews.
    assert.equal((await submit(hub, { url: hub.blog.at('/orion'), topic: TOPIC })).answer.status, 303);
    for (const go of waiting) go();
    for (const one of await Promise.all(eight)) assert.equal(one.answer.status, 200);
    hub.blog.put('/waits', aPost());
    assert.equal((await preview(hub, '/waits')).answer.status, 200);
  });
});
