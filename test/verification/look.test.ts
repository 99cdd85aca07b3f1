import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import iconv from 'iconv-lite';
import type { FetchedPage } from '../../server/net/fetch-page.ts';
import type { HopAnswer, Wanted } from '../../server/verification/hop.ts';
import { createLook } from '../../server/verification/look.ts';

const NO_CLAIM = { title: null, excerpt: null, blogName: null };
const WANTED: Wanted = {
  id: 'm1',
  targets: [
    { key: 'hub.example/t1', to: 'page' },
    { key: 'hub.example/t1/trackback', to: 'ping-address' },
    { key: 'hub.example/t1.rss', to: 'feed' },
  ],
  claim: NO_CLAIM,
};
const LINK = '<a href="https://hub.example/t1">night sky</a>';

/** Looks at a page that has been fetched; `told` is whether the reading was announced. */
async function look(fetched: FetchedPage, wanted: Wanted[] = [WANTED], url = 'https://blog.example/post') {
  const asked: string[] = [];
  let told = 0;
  const doLook = createLook({
    fetchPage: async ({ url, leftMs, forwardedFor }) => {
      asked.push(`${url} ${leftMs} ${forwardedFor}`);
      return fetched;
    },
    now: () => Date.UTC(2026, 6, 17),
  });
  const request = { url, leftMs: 5_000, wanted, hubKeys: ['hub.example'], forwardedFor: '192.0.2.7' };
  const answer = await doLook(request, { permit: async () => [], reached: () => {}, reading: () => told++ });
  return { answer, asked, told };
}

async function read(html: string, wanted?: Wanted[]): Promise<Extract<HopAnswer, { kind: 'page' }>> {
  const bytes = Buffer.from(html);
  const { answer } = await look(
    { kind: 'page', status: 200, bytes, contentType: 'text/html', robots: [] },
    wanted,
  );
  assert.equal(answer.kind, 'page');
  return answer as Extract<HopAnswer, { kind: 'page' }>;
}

describe('a look', () => {
  it('is a fetch, and passes on every answer that is no page', async () => {
    const answers: FetchedPage[] = [
      { kind: 'redirect', status: 302, to: 'https://blog.example/new' },
      { kind: 'gone', status: 410 },
      { kind: 'not-html', status: 200 },
      { kind: 'failed', trouble: 'status', status: 503, retryAfterMs: 60_000 },
    ];
    for (const fetched of answers) {
      const { answer, asked, told } = await look(fetched);
      assert.deepEqual(answer, fetched);
      assert.deepEqual(asked, ['https://blog.example/post 5000 192.0.2.7']);
      assert.equal(told, 0);
    }
  });

  it('F09 reads the page once, announced, and fetches nothing that it names', async () => {
    const html = `<!doctype html><html lang=en><meta property="og:image" content="http://169.254.169.254/">
      <link rel=icon href="http://127.0.0.1/"><meta http-equiv=refresh content="0;url=http://127.0.0.1/">
      <base href="http://10.0.0.1/"><title>Orion</title><p class=h-card><a class=u-url href="http://169.254.169.254/">x</a>
      <img src=/a.png></p><p>Seen: ${LINK}.</p>`;
    const { answer, asked, told } = await look({
      kind: 'page',
      status: 203,
      bytes: Buffer.from(html),
      contentType: 'text/html',
      robots: [],
    });
    assert.equal(asked.length, 1, 'F09');
    assert.equal(told, 1);
    assert.deepEqual(answer, {
      kind: 'page',
      status: 203,
      bytes: Buffer.byteLength(html),
      links: 2,
      page: { title: 'Orion', excerpt: null, blogName: null, language: 'en', author: null, published: null },
      quotable: true,
      found: [
        {
          id: 'm1',
          link: { to: 'page', address: 'https://hub.example/t1', sentence: 'Seen: night sky.' },
          instead: null,
          borneOut: { title: false, excerpt: false, blogName: false },
        },
      ],
    });
  });

  it('L01-L12 finds the link where it is one', async () => {
    const linked = async (html: string) => (await read(html)).found[0]?.link !== null;
    assert.equal(await linked(`<p>${LINK}</p>`), true);
    assert.equal(await linked('<base href=https://hub.example/><a href=t1>x</a>'), true);
    assert.equal(await linked('<a href="https&#58;//HUB.example:443/t1#x">x</a>'), true);
    assert.equal(await linked('<p>https://hub.example/t1</p>'), false);
    assert.equal(
      await linked(`<!-- ${LINK} --><script>'${LINK}'</script><template>${LINK}</template>`),
      false,
    );
    assert.equal(await linked('<a href="https://hub.example/t1evil">x</a>'), false);
  });

  it('F24 L08 and not what was cut off', async () => {
    assert.equal((await read('<p><a href="https://hub.example/t1"')).found[0]?.link, null);
  });

  it('answers each topic for itself, the text from the link to its page first', async () => {
    const html = `<p>Pinged ${LINK.replace('t1', 't1/trackback')}</p><p>About ${LINK}</p><p>${LINK.replace('t1', 't2')}</p>`;
    const found = (
      await read(html, [
        WANTED,
        { ...WANTED, id: 'm2', targets: [{ key: 'hub.example/t2', to: 'page' }] },
        { ...WANTED, id: 'm3', targets: [{ key: 'hub.example/t3', to: 'page' }] },
        { ...WANTED, id: 'm4', targets: [] },
      ])
    ).found;
    assert.deepEqual(
      found.map(({ id, link }) => [id, link?.sentence]),
      [
        ['m1', 'About night sky'],
        ['m2', 'night sky'],
        ['m3', undefined],
        ['m4', undefined],
      ],
    );
  });

  it('says which of the addresses a link names, as its author wrote it but absolute', async () => {
    const link = async (html: string) => (await read(html)).found[0]?.link;
    const sentence = 'See it.';
    assert.deepEqual(
      await link(
        '<base href=//hub.example/a/><p>See <a href="../T1/..//../t1/trackback?utm_source=b#x">it</a>.</p>',
      ),
      { to: 'ping-address', address: 'https://hub.example/t1/trackback?utm_source=b#x', sentence },
    );
    assert.deepEqual(await link('<p>See <a href="HTTP://www.Hub.example/t1.rss">it</a>.</p>'), {
      to: 'feed',
      address: 'http://www.hub.example/t1.rss',
      sentence,
    });
    const long = await link(
      `<base href="https://hub.example/?${'x'.repeat(2000)}"><a href="/t1#${'ü'.repeat(2000)}">x</a>`,
    );
    assert.equal(long?.address.length, 2048);
  });

  it('S08 says which claimed words stand in text, title, description or name', async () => {
    const html = `<title>Orion – Starlight</title><meta name=description content="Three stars, and a village.">
      <meta property=og:site_name content=Starlight><h1>Orion</h1><p>Seen from the village.${LINK}</p><script>hidden()</script>`;
    const borneOut = async (claim: Partial<Wanted['claim']>) =>
      (await read(html, [{ ...WANTED, claim: { ...NO_CLAIM, ...claim } }])).found[0]?.borneOut;
    const all = { title: true, excerpt: true, blogName: true };
    const none = { title: false, excerpt: false, blogName: false };
    assert.deepEqual(
      await borneOut({ title: 'ORION - Starlight', excerpt: 'Three stars…', blogName: 'Starlight' }),
      all,
    );
    assert.deepEqual(await borneOut({ excerpt: 'seen from the village' }), { ...none, excerpt: true });
    assert.deepEqual(await borneOut({ title: 'Casino', excerpt: 'hidden', blogName: '…' }), none);
  });

  it('looks for claimed words in five million letters, for each once; a page that long shows its own for any others', async () => {
    const words = Array.from({ length: 7 }, (_, n) => `word${n}`);
    const html = `${LINK} ${words.join(' ')} ${'a'.repeat(1_000_000)}`;
    const claims = [...words, 'word0'].map(title => ({ ...WANTED, claim: { ...NO_CLAIM, title } }));
    const { found } = await read(html, claims);
    const titles = found.map(({ borneOut }) => borneOut.title);
    assert.deepEqual(titles, [true, true, true, true, true, false, false, true]);
    const short = await read(`${LINK} ${words.join(' ')}`, claims);
    assert.ok(short.found.every(({ borneOut }) => borneOut.title));
  });

  it('keeps no words of a page that is not to be quoted, but its link and its evidence', async () => {
    const page = (head: string) =>
      `<title>Orion</title><meta name=description content="Three stars.">${head}<p>Seen: ${LINK}.</p>`;
    const quoted = async (head: string, robots: string[] = []) => {
      const bytes = Buffer.from(page(head));
      const fetched: FetchedPage = { kind: 'page', status: 200, bytes, contentType: 'text/html', robots };
      const { answer } = await look(fetched);
      assert.ok(answer.kind === 'page');
      assert.equal(answer.page.title, 'Orion');
      assert.equal(answer.found[0]?.link?.sentence, 'Seen: night sky.');
      assert.equal(answer.page.excerpt, answer.quotable ? 'Three stars.' : null);
      return answer.quotable;
    };
    assert.equal(await quoted(''), true);
    assert.equal(await quoted('<meta name="robots" content="index, follow">'), true);
    assert.equal(await quoted('<META NAME=" ROBOTS " CONTENT="NoIndex">'), false);
    assert.equal(await quoted('<meta name=robots content=all><meta name=robots content=nosnippet>'), false);
    assert.equal(await quoted('<meta name=robots content=nosnippet><meta name=robots content=all>'), false);
    assert.equal(await quoted('<meta name=robots property=og:type content=noindex>'), false);
    assert.equal(await quoted('<meta name=googlebot content=noindex><meta name=robots>'), true);
    assert.equal(await quoted('<!-- <meta name=robots content=noindex> -->'), true);
    assert.equal(await quoted('', ['noarchive', 'noindex']), false);
    assert.equal(await quoted('', ['otherbot: noindex']), true);
  });

  it('reads a page in its own charset', async () => {
    const bytes = Buffer.concat([
      Buffer.from('<title>'),
      Buffer.from([0x83, 0x65, 0x83, 0x58, 0x83, 0x67]),
      Buffer.from('</title>'),
    ]);
    const contentType = 'text/html; charset=Shift_JIS';
    const { answer } = await look({ kind: 'page', status: 200, bytes, contentType, robots: [] });
    assert.equal(answer.kind === 'page' && answer.page.title, 'テスト');
    assert.equal(answer.kind === 'page' && answer.page.language, 'ja');
  });

  it('reads a page that says no charset in what is usual in the country of its address', async () => {
    const title = 'Az idén is sütünk kenyeret, és őszintén örülünk';
    const bytes = iconv.encode(`<title>${title}</title>`, 'iso-8859-2');
    const fetched: FetchedPage = { kind: 'page', status: 200, bytes, contentType: 'text/html', robots: [] };
    const { answer } = await look(fetched, [WANTED], 'https://blog.example.hu/post');
    assert.equal(answer.kind === 'page' && answer.page.title, title);
  });
});
