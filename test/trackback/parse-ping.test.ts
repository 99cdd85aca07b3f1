import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import iconv from 'iconv-lite';
import { parsePing } from '../../server/trackback/parse-ping.ts';

const FORM = 'application/x-www-form-urlencoded';

function parse(body: string | Uint8Array, contentType: string | undefined = FORM) {
  return parsePing(typeof body === 'string' ? Buffer.from(body, 'latin1') : body, contentType);
}

function words(body: string, contentType?: string) {
  const ping = parse(body, contentType);
  assert.ok(typeof ping !== 'string', `not refused: ${ping}`);
  return ping.words;
}

/** Text in a charset, with each byte of it escaped. */
function escapedIn(charset: string, text: string): string {
  return Array.from(iconv.encode(text, charset), byte => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

describe('a TrackBack form', () => {
  it('gives address, title, excerpt and blog name', () => {
    assert.deepEqual(
      parse('title=Foo+Bar&url=http%3A%2F%2Fwww.bar.com%2F&excerpt=My+Excerpt&blog_name=Foo'),
      {
        source: 'http://www.bar.com/',
        words: { title: 'Foo Bar', excerpt: 'My Excerpt', blogName: 'Foo' },
      },
    );
  });

  it('is read whatever its Content-Type says, or without one', () => {
    for (const type of [
      undefined,
      'text/plain',
      'nonsense',
      'application/octet-stream',
      `${FORM}; charset=`,
    ]) {
      assert.equal(words('url=http://a.example/1&title=x', type).title, 'x');
    }
  });

  it('T4 in Latin-1 is read with the charset in the header, in the field, and with none', () => {
    const body = 'url=http://a.example/1&title=caf%E9';
    assert.equal(words(body, `${FORM}; charset=iso-8859-1`).title, 'café');
    assert.equal(words(`${body}&charset=ISO-8859-1`).title, 'café');
    assert.equal(words(body).title, 'café');
  });

  it('in the charset of its country is read without any, if its address is of there', () => {
    const title =
      'title=Az+id%E9n+is+s%FCt%FCnk+kov%E1szos+kenyeret+otthon%2C+%E9s+%F5szint%E9n+%F6r%FCl%FCnk';
    const read = 'Az idén is sütünk kovászos kenyeret otthon, és őszintén örülünk';
    assert.equal(words(`${title}&url=http://a.example.hu/1`).title, read);
    assert.equal(words(`url=http%3A%2F%2Fa.example.hu%2F1&${title}`).title, read);
  });

  it('without a charset has a Latin word or sign in its title read as that, whatever is ASCII beside it', () => {
    for (const title of [
      'naïve',
      'Loïc',
      'Anaïs',
      'mãe',
      'sûr',
      'Œuvre',
      '£5',
      '©2005',
      'l’été',
      'Ça va ?',
    ]) {
      const sent = escapedIn('windows-1252', title);
      assert.equal(words(`title=${sent}&url=http://blog.example.com/p/1&blog_name=A+blog`).title, title);
    }
  });

  it('without a charset is read although its longest text was cropped inside a character, wherever that stands', () => {
    const title = '夜空の写真と星の話';
    const excerpt = '今日は夜空の写真を撮りました。とても静かな夜でした。';
    for (const charset of ['euc-jp', 'shift_jis']) {
      for (const host of ['blog.example.com', 'blog.example.jp']) {
        const fields = [
          `title=${escapedIn(charset, title)}`,
          `url=http://${host}/1`,
          `excerpt=${escapedIn(charset, excerpt).slice(0, -3)}`,
        ];
        for (const body of [fields.join('&'), fields.reverse().join('&')]) {
          assert.equal(words(body).title, title, `${charset} ${host}`);
        }
      }
    }
  });

  it('T5 C05 C06 C07 in another charset is read', () => {
    const title = (escaped: string, charset: string) =>
      words(`url=http://a.example/1&title=${escaped}&charset=${charset}`).title;
    assert.equal(title('%83e%83X%83g', 'shift_jis'), 'テスト');
    assert.equal(title('%a5%c6%a5%b9%a5%c8', 'euc-jp'), 'テスト');
    assert.equal(title('%1b$B%25F%259%25H%1b(B', 'iso-2022-jp'), 'テスト');
    assert.equal(title('%c5%d7%bd%ba%c6%ae', 'euc-kr'), '테스트');
    assert.equal(title('%E9', 'windows-1251'), 'й');
  });

  it('may carry raw bytes that are not escaped at all', () => {
    assert.equal(words('url=http://a.example/1&title=caf\xe9').title, 'café');
  });

  it('C10 keeps an escape that is none, and decodes each once', () => {
    const title = (escaped: string) => words(`url=http://a.example/1&title=${escaped}`).title;
    assert.equal(title('100%'), '100%');
    assert.equal(title('%zz%u30C6'), '%zz%u30C6');
    assert.equal(title('a+b%20c%2Bd'), 'a b c+d');
    assert.equal(title('%253Cscript%253E'), '%3Cscript%3E');
  });

  it('I07 counts the first of a repeated field', () => {
    const ping = parse('url=http://a.example/1&url=http://b.example/2&title=x&title=y');
    assert.deepEqual(ping, {
      source: 'http://a.example/1',
      words: { title: 'x', excerpt: null, blogName: null },
    });
  });

  it('ignores unknown fields, empty pairs and line ends behind it', () => {
    assert.equal(
      words('&&x_author=me&__debug=1&=&url=http://a.example/1&title=x\r\n\r\n').title?.trim(),
      'x',
    );
  });

  it('S14 without an address says so', () => {
    for (const body of ['', 'title=x', 'url=', 'url=+++', 'url'])
      assert.equal(parse(body), 'no-address', body);
  });

  it('I01-I04 I08 I11 I12 I14 with operators for a field name has no address', () => {
    for (const name of [
      'url[$gt]',
      'url[$ne]',
      'url[$where]',
      'url[]',
      '__proto__[polluted]',
      'a[0][0][0]',
    ]) {
      assert.equal(parse(`${name}=http://a.example/1`), 'no-address', name);
    }
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  it('I05 I13 I16 of another kind is called unreadable', () => {
    assert.equal(parse('{"url":{"$gt":""}}', 'application/json'), 'unreadable');
    assert.equal(
      parse('--x\r\nContent-Disposition: form-data; name="url"\r\n', 'multipart/form-data; boundary=x'),
      'unreadable',
    );
    assert.equal(parse('<?xml version="1.0"?><methodCall/>', 'text/xml'), 'unreadable');
  });

  it('I15 with more than 20 fields is too large', () => {
    const fields = (count: number) => `url=http://a.example/1${'&x=1'.repeat(count - 1)}`;
    assert.notEqual(parse(fields(20)), 'too-large');
    assert.equal(parse(fields(21)), 'too-large');
    assert.equal(parse(fields(16_000)), 'too-large');
  });
});
