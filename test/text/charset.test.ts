import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import iconv from 'iconv-lite';
import { charsetName, charsetOf, declaredCharset, decode } from '../../server/text/charset.ts';

const bytes = (text: string, charset: string) => iconv.encode(text, charset);

/** What a reader gets to see of texts sent in one charset, declared or not. */
function read(texts: Uint8Array[], ...declared: (string | null)[]): string[] {
  const charset = charsetOf(texts, declared);
  return texts.map(text => decode(text, charset));
}

describe('a declared charset', () => {
  const SAMPLES: [charset: string, text: string][] = [
    ['utf-8', 'Zoë 日本語 😀'],
    ['iso-8859-1', 'crème brûlée'],
    ['iso-8859-2', 'Zażółć gęślą'],
    ['iso-8859-15', 'œuvre à 5 €'],
    ['windows-1251', 'Хлеб на закваске'],
    ['windows-1252', '“quoted” – café'],
    ['windows-1255', 'לחם מחמצת'],
    ['windows-1256', 'خبز العجين'],
    ['Shift_JIS', '表示能力ソ'],
    ['EUC-JP', '日本語の抜粋'],
    ['EUC-KR', '정적 사이트'],
    ['GBK', '静态网站'],
    ['Big5', '靜態網站'],
    ['KOI8-R', 'Генератор сайта'],
  ];
  for (const [charset, text] of SAMPLES) {
    it(`${charset} is read, however its name is written`, () => {
      assert.deepEqual(read([bytes(text, charset)], charset), [text]);
      assert.deepEqual(read([bytes(text, charset)], ` ${charset.toUpperCase()} `), [text]);
    });
  }

  it('ISO-2022-JP is read, declared or not', () => {
    const sent = Buffer.from('\x1b$B%F%9%H\x1b(B', 'latin1');
    assert.deepEqual(read([sent], 'iso-2022-jp'), ['テスト']);
    assert.deepEqual(read([sent], null), ['テスト']);
  });

  it('C04 that does not fit the bytes gives way to one that does', () => {
    assert.deepEqual(read([bytes('日本語の抜粋、表示能力', 'euc-jp')], 'utf-8'), ['日本語の抜粋、表示能力']);
    assert.deepEqual(read([bytes('café', 'latin1')], 'utf-8'), ['café']);
  });

  it('of the header comes before that of the field', () => {
    assert.equal(charsetOf([bytes('テスト', 'shift_jis')], ['shift_jis', 'euc-jp']), 'shift_jis');
  });

  it('C01 C09 that is unknown or not to be trusted is passed over', () => {
    for (const name of ['utf-7', 'nonsense', 'x-user-defined', 'utf-16le', 'hz-gb-2312', '']) {
      assert.equal(charsetName(name), null, name);
      assert.deepEqual(read([Buffer.from('+ADw-script+AD4-')], name), ['+ADw-script+AD4-']);
    }
  });
});

describe('a charset nobody declared', () => {
  const UNDECLARED: [charset: string, text: string][] = [
    ['utf-8', 'naïve – 日本語'],
    ['shift_jis', '今日はパンを焼きました。とてもおいしいです'],
    ['euc-jp', '日本語の抜粋、表示能力ソ'],
    ['windows-1251', 'Генератор сайта на make и awk'],
    ['koi8-r', 'Генератор сайта на make и awk'],
    ['gbk', '为什么我不再需要数据库'],
    ['big5', '為什麼我不再需要資料庫'],
    ['euc-kr', '정적 사이트로 옮긴 뒤 달라진'],
    ['windows-1252', 'Crème de la crème: un été à la campagne'],
    ['windows-1252', 'Übermäßig größere Brötchen backen'],
    ['windows-1256', 'خبز العجين المخمر في البيت'],
    ['windows-1257', 'Rupjmaize ar ķimenēm un sēklām šķēlēs'],
    ['windows-1252', 'L’été “naïf” à Zürich €'],
    ['windows-1252', 'Prix : 5 € – à Paris, chez le boulanger'],
    ['windows-1252', 'Perché la città è così bella? Può darsi che sia l’estate.'],
  ];
  for (const [charset, text] of UNDECLARED) {
    it(`is found out: ${charset}, ${text}`, () => {
      assert.deepEqual(read([bytes(text, charset)], null), [text]);
    });
  }

  it('is found out over all texts together, since one alone says too little', () => {
    const sent = ['日記', '今日の空', 'パンを焼きました。とてもおいしい'].map(text =>
      bytes(text, 'shift_jis'),
    );
    assert.deepEqual(read(sent, null), ['日記', '今日の空', 'パンを焼きました。とてもおいしい']);
  });

  it('is found out from a word or two where the post is published in a country', () => {
    for (const [domain, charset, text] of [
      ['pl', 'windows-1250', 'Dziennik – żółw'],
      ['tr', 'windows-1254', 'Günlük şeyler'],
      ['sa', 'windows-1256', 'يوم'],
      ['jp', 'shift_jis', '表示'],
      ['th', 'windows-874', 'ขนมปังเปรี้ยว'],
      ['hu.', 'iso-8859-2', 'Őszintén örülünk'],
    ] as const) {
      const sent = bytes(text, charset);
      assert.equal(decode(sent, charsetOf([sent], [], `http://blog.example.${domain}:8080/p`)), text);
    }
  });

  it('is found out whatever the address is', () => {
    const sent = bytes('Crème de la crème: un été à la campagne', 'latin1');
    for (const address of [
      'http://[2001:db8::1]/',
      'http://192.0.2.1/',
      'http://blog.例え/',
      'no address',
      '',
    ]) {
      assert.equal(charsetOf([sent], [], address), 'windows-1252', address);
    }
  });

  it('is taken for windows-1252 when there is too little to tell, and never shows U+FFFD', () => {
    assert.deepEqual(read([bytes('café', 'latin1')], null), ['café']);
    for (let byte = 0x80; byte < 0x100; byte++) {
      assert.doesNotMatch(read([Buffer.from([0x61, byte])], null).join(), /\uFFFD/);
    }
  });

  it('C03 of bytes that are no text at all is still some text', () => {
    assert.equal(read([Buffer.from([0xff, 0xfe, 0x00, 0xc0, 0xaf])], 'utf-8').length, 1);
  });
});

describe('a text that was cropped inside a character', () => {
  it('loses that character and nothing else', () => {
    const cropped = Buffer.from('Brötchen – größer').subarray(0, -4);
    assert.deepEqual(read([Buffer.from('Zoë'), cropped.subarray(0, -1)], 'utf-8').at(0), 'Zoë');
    assert.deepEqual(read([Buffer.from('日本語').subarray(0, 8)], 'utf-8'), ['日本']);
  });

  it('is not confused with a Latin-1 word that ends in such a byte', () => {
    assert.deepEqual(read([bytes('café', 'latin1')], 'utf-8'), ['café']);
  });
});

describe('a Content-Type', () => {
  it('names its charset with or without quotes', () => {
    assert.equal(declaredCharset('text/html; charset=Shift_JIS'), 'Shift_JIS');
    assert.equal(declaredCharset('text/html;Charset = "utf-8"; x=y'), 'utf-8');
    assert.equal(declaredCharset('text/html'), null);
    assert.equal(declaredCharset(undefined), null);
  });
});
