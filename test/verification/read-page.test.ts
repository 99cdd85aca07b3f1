import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMeta } from '../../server/verification/read-meta.ts';
import { readPage } from '../../server/verification/read-page.ts';
import { walkPage } from '../../server/verification/walk-page.ts';

const NOW = Date.UTC(2026, 6, 17);

function read(html: string, charset = 'utf-8') {
  const walked = walkPage(html);
  return readPage({ walked, meta: readMeta(walked.metaTags), charset, quotable: true, now: NOW });
}

const meta = (name: string, content: string) => `<meta property="${name}" content="${content}">`;

describe('what a page says of itself', () => {
  it('is nothing where it says nothing', () => {
    assert.deepEqual(read('<p>x</p>'), {
      title: null,
      excerpt: null,
      blogName: null,
      language: null,
      author: null,
      published: null,
    });
  });

  it('is all of this on a page of WordPress', () => {
    const html = `<!DOCTYPE html><html dir="ltr" lang="en-gb" prefix="og: https://ogp.me/ns#"><head>
      <meta charset="UTF-8" /><title>Orion &#8211; Starlight</title><style>${'.wp{}'.repeat(50_000)}</style>
      <meta name="description" content="Seen from &quot;here&quot;." /><meta property="og:locale" content="en_US" />
      <meta property="og:site_name" content="Starlight &amp; more" /><meta property="og:title" content="Orion in winter" />
      <meta property="og:description" content="Three stars." /><meta name="author" content="Zoë" />
      <meta property="article:published_time" content="2026-02-03T22:10:05+01:00" /></head><body><h1>Other</h1>`;
    assert.deepEqual(read(html), {
      title: 'Orion in winter',
      excerpt: 'Three stars.',
      blogName: 'Starlight & more',
      language: 'en-GB',
      author: 'Zoë',
      published: Date.UTC(2026, 1, 3, 21, 10, 5),
    });
  });
});

describe('the title', () => {
  it('is og:title, else the first heading, else the title of the document', () => {
    const rest = '<title>Orion – Starlight</title><h1>Orion <em>in</em> winter</h1>';
    assert.equal(read(meta('og:title', 'O') + rest).title, 'O');
    assert.equal(read(meta('og:title', ' ') + rest).title, 'Orion in winter');
    assert.equal(read('<title>Orion\n &amp; co</title>').title, 'Orion & co');
  });

  it('keeps the words of a heading apart that stand in blocks of their own', () => {
    assert.equal(read('<h1><div>Orion</div><div>in winter</div></h1>').title, 'Orion in winter');
  });

  it('is not the heading where that is the name of the blog', () => {
    const html = `${meta('og:site_name', 'Starlight')}<title>Orion</title><h1><a href=/>STARLIGHT!</a></h1>`;
    assert.equal(read(html).title, 'Orion');
  });
});

describe('texts', () => {
  it('are plain, and cut to their lengths', () => {
    const long = '日'.repeat(1000);
    const page = read(
      ['og:title', 'og:description', 'og:site_name', 'author'].map(name => meta(name, long)).join(''),
    );
    assert.deepEqual(
      [page.title, page.excerpt, page.blogName, page.author].map(text => text?.length),
      [200, 300, 100, 100],
    );
    assert.equal(read(meta('og:title', 'a\u0007 &lt;b&gt; \u202Ec\n d')).title, 'a <b> c d');
  });

  it('that are empty give way to the next', () => {
    const html = `${meta('og:description', '')}<meta name="Description" content="Yes"><meta name=application-name content=App>`;
    assert.equal(read(html).excerpt, 'Yes');
    assert.equal(read(html).blogName, 'App');
  });

  it('of the author are no addresses', () => {
    const profile = meta('article:author', 'https://facebook.example/zoe');
    assert.equal(read(profile).author, null);
    assert.equal(read(profile + meta('author', '//x.example/zoe')).author, null);
    assert.equal(
      read(`${meta('author', 'https://x.example/')}${meta('article:author', 'Zoë')}`).author,
      'Zoë',
    );
  });
});

describe('the language', () => {
  const language = (lang: string, more = '', charset = 'utf-8') =>
    read(`<html lang="${lang}">${more}`, charset).language;

  it('is that of the html element, in its canonical form', () => {
    for (const [written, canonical] of [
      ['en', 'en'],
      ['EN-us', 'en-US'],
      ['zh_hant_tw', 'zh-Hant-TW'],
      ['pt-br-u-nu-latn', 'pt-BR'],
      [' ja ', 'ja'],
      ['iw', 'he'],
    ] as const) {
      assert.equal(language(written), canonical);
    }
  });

  it('else that of the next declaration that is valid', () => {
    const header = '<meta http-equiv="Content-Language" content="de-AT, en">';
    for (const invalid of ['', 'english', 'x-default', 'und', 'c', 'de--AT', '日本語', 'a'.repeat(5000)]) {
      assert.equal(language(invalid, header), 'de-AT', invalid);
      assert.equal(language(invalid, meta('og:locale', 'fr_CA')), 'fr-CA', invalid);
      assert.equal(language(invalid), null, invalid);
    }
  });

  it('else what the charset hints at', () => {
    const hints = { shift_jis: 'ja', 'iso-2022-jp': 'ja', 'euc-kr': 'ko', gbk: 'zh-Hans', big5: 'zh-Hant' };
    for (const [charset, hint] of Object.entries(hints)) {
      assert.equal(language('', '', charset), hint);
      assert.equal(language('en', '', charset), 'en');
    }
    assert.equal(language('', '', 'windows-1252'), null);
  });
});

describe('when it was published', () => {
  const published = (date: string) => read(meta('article:published_time', date)).published;

  it('is read from the forms that pages use', () => {
    for (const [date, at] of [
      ['2026-02-03T22:10:05Z', Date.UTC(2026, 1, 3, 22, 10, 5)],
      ['2026-02-03T22:10:05.123-0330', Date.UTC(2026, 1, 4, 1, 40, 5)],
      ['2026-02-03 22:10 +09:00', Date.UTC(2026, 1, 3, 13, 10)],
      ['2026-02-03 22:10', Date.UTC(2026, 1, 3, 22, 10)],
      [' 2026-02-03 ', Date.UTC(2026, 1, 3)],
    ] as const) {
      assert.equal(published(date), at, date);
    }
  });

  it('is nothing where that is absurd', () => {
    for (const date of [
      '1989-12-31',
      '2026-07-19',
      '2026-13-01',
      '2026-02-03T25:00Z',
      '03/04/05',
      'yesterday',
      '1700000000',
      '9'.repeat(10_000),
    ]) {
      assert.equal(published(date), null, date);
    }
    assert.equal(published('2026-07-17T23:59:59Z'), Date.UTC(2026, 6, 17, 23, 59, 59));
  });

  it('is the first date that can be true', () => {
    const html = meta('article:published_time', '0000-00-00') + meta('DC.date.issued', '2004-03-12');
    assert.equal(read(html).published, Date.UTC(2004, 2, 12));
  });
});

describe('hostile tags', () => {
  it('cost no tree of any depth', () => {
    const attributes = Array.from({ length: 20_000 }, (_, n) => `a${n}`).join(' ');
    for (const html of [
      '<html>'.repeat(170_000),
      '<meta>'.repeat(170_000),
      `<html ${attributes.slice(0, 64_000)}>`,
      `<meta ${attributes.slice(0, 64_000)}>`,
      '<meta name=__proto__ content=x><meta name=constructor content=x>',
    ]) {
      assert.equal(read(html).title, null);
    }
  });
});
