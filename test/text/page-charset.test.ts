import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import iconv from 'iconv-lite';
import { decodePage } from '../../server/text/page-charset.ts';

const HTML = 'text/html';
const bytes = (text: string, charset: string) => iconv.encode(text, charset);
const JAPANESE = '<p>日本語の抜粋、表示能力</p>'.repeat(5);

describe('a page is decoded as it declares', () => {
  it('by its byte order mark first', () => {
    for (const charset of ['utf-8', 'utf-16le', 'utf-16be']) {
      const marked = iconv.encode(JAPANESE, charset, { addBOM: true });
      assert.deepEqual(decodePage(marked, `${HTML}; charset=euc-jp`), { html: JAPANESE, charset });
    }
  });

  it('by the header, then by a meta tag, then as XML', () => {
    for (const [declaration, type] of [
      ['<meta charset=utf-8>', 'text/html; charset="EUC-JP"'],
      ['<META CHARSET="euc-jp">', HTML],
      ['<meta http-equiv="Content-Type" content="text/html; charset=EUC-JP">', HTML],
      [
        "<meta content='text/html;charset=x-euc-jp' http-equiv=content-type>",
        'text/html; charset=unheard-of',
      ],
      ['<?xml version="1.0" encoding="EUC-JP"?>', 'application/xhtml+xml'],
    ] as const) {
      const page = declaration + JAPANESE;
      assert.deepEqual(
        decodePage(bytes(page, 'euc-jp'), type),
        { html: page, charset: 'euc-jp' },
        declaration,
      );
    }
  });

  it('but only within its first 1,024 bytes', () => {
    const page = `${' '.repeat(1024)}<meta charset=big5><p>Zoë`;
    assert.equal(decodePage(bytes(page, 'utf-8'), HTML).charset, 'utf-8');
  });

  it('in spite of some broken bytes', () => {
    const page = Buffer.concat([
      bytes(JAPANESE, 'euc-jp'),
      Buffer.from([0xff, 0x41]),
      bytes(JAPANESE, 'euc-jp'),
    ]);
    const { html, charset } = decodePage(page, 'text/html; charset=euc-jp');
    assert.equal(charset, 'euc-jp');
    assert.match(html, /能力<\/p>\ufffdA<p>日本語/);
  });

  it('cut off inside a character, without that', () => {
    const page = bytes(JAPANESE, 'utf-8').subarray(0, 10);
    assert.deepEqual(decodePage(page, 'text/html; charset=utf-8'), { html: '<p>日本', charset: 'utf-8' });
  });
});

describe('a declaration gives way', () => {
  it('C04 where it plainly does not fit', () => {
    for (const charset of ['shift_jis', 'euc-jp', 'windows-1251']) {
      const text = charset === 'windows-1251' ? '<p>Хлеб на закваске и ржаная мука</p>'.repeat(5) : JAPANESE;
      assert.deepEqual(decodePage(bytes(text, charset), 'text/html; charset=utf-8'), { html: text, charset });
    }
  });

  it('to the next one', () => {
    const page = `<meta charset=shift_jis>${JAPANESE}`;
    const decoded = decodePage(bytes(page, 'shift_jis'), 'text/html; charset=utf-8');
    assert.deepEqual(decoded, { html: page, charset: 'shift_jis' });
  });

  it('C01 C09 F21 where no page is to be trusted with it', () => {
    for (const label of [
      'utf-7',
      'utf-16le',
      'x-user-defined',
      'hz-gb-2312',
      'replacement',
      'x'.repeat(5000),
    ]) {
      const page = '<p>+ADw-script+AD4- Zoë';
      assert.deepEqual(decodePage(Buffer.from(page), `text/html; charset=${label}`), {
        html: page,
        charset: 'utf-8',
      });
    }
  });
});

describe('without a declaration', () => {
  it('a page is in UTF-8 if it is mostly that, else in what it looks like', () => {
    const broken = Buffer.concat([
      Buffer.from('<p>Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë, Zoë '),
      Buffer.from([0xe9]),
    ]);
    assert.equal(decodePage(Buffer.concat([broken, Buffer.from(' x')]), HTML).charset, 'utf-8');
    assert.deepEqual(decodePage(bytes(JAPANESE, 'shift_jis'), HTML), {
      html: JAPANESE,
      charset: 'shift_jis',
    });
    assert.equal(decodePage(bytes('<p>crème brûlée</p>', 'latin1'), HTML).html, '<p>crème brûlée</p>');
  });

  it('what it looks like is told by its text, however long its head is', () => {
    const page = `<!-- « --><style>${'a{}'.repeat(10_000)}</style>${'<p>Хлеб на закваске и ржаная мука</p>'.repeat(5)}`;
    const sent = Buffer.concat([
      Buffer.from('<!-- \xab -->', 'latin1'),
      bytes(page.slice(10), 'windows-1251'),
    ]);
    assert.equal(decodePage(sent, HTML).charset, 'windows-1251');
  });

  it('it holds in spite of some broken bytes', () => {
    const page = Buffer.concat([bytes(JAPANESE.repeat(100), 'shift_jis'), Buffer.from([0xff, 0x41])]);
    const { html, charset } = decodePage(page, HTML);
    assert.equal(charset, 'shift_jis');
    assert.ok(html.startsWith(JAPANESE));
  });

  it('what is usual in its country counts', () => {
    const page = '<title>Az idén is sütünk kenyeret, és őszintén örülünk</title>';
    assert.equal(decodePage(bytes(page, 'iso-8859-2'), HTML, 'https://blog.example.hu/').html, page);
  });

  it('ISO-2022-JP is told by its escapes, though it is ASCII', () => {
    const page = Buffer.from('<p>\x1b$B%F%9%H\x1b(B</p>', 'latin1');
    assert.deepEqual(decodePage(page, HTML), { html: '<p>テスト</p>', charset: 'iso-2022-jp' });
  });

  it('nothing is nothing', () => {
    assert.equal(decodePage(new Uint8Array(), '').html, '');
  });
});
