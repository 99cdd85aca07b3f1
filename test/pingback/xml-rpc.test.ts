import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCall } from '../../server/pingback/xml-rpc.ts';
import { aCall, callOf } from '../support/pingback.ts';

const SOURCE = 'https://blog.example/?p=1&x=2';
const TARGET = 'https://hub.example/t/night-sky';

const read = (xml: string | Uint8Array, contentType?: string) =>
  readCall(typeof xml === 'string' ? Buffer.from(xml) : xml, contentType);

const call = (over: (xml: string) => string = xml => xml) => over(aCall(SOURCE, TARGET));

/** Two values as parameters. */
const two = (source: string, target = `<string>${TARGET}</string>`) =>
  callOf(`<param><value>${source}</value></param><param><value>${target}</value></param>`);

describe('a call of pingback.ping', () => {
  const taken: [what: string, xml: string | Uint8Array, contentType?: string][] = [
    ['as WordPress sends it', call(), 'text/xml'],
    ['without a Content-Type', call()],
    ['as Serendipity declares it', call(), 'text/html'],
    ['as @remy/webmention declares it', call(), 'application/x-www-form-urlencoded'],
    ['as npm pingback declares it', call(), 'application/xml; charset=utf-8'],
    ['without an XML declaration', call(xml => xml.replace(/^.*\n/, ''))],
    ['with a byte order mark', `\uFEFF${call()}`],
    ['in a declared charset', call(xml => xml.replace('"1.0"', '"1.0" encoding="ISO-8859-1"'))],
    ['in ASCII', call(), 'text/xml; charset=us-ascii'],
    ['without white space', call(xml => xml.replaceAll('\n', ''))],
    ['with comments', call(xml => xml.replaceAll('<params>', '<!-- two --><params>'))],
    ['values without a type', two(SOURCE.replace('&', '&amp;'), TARGET)],
    ['CDATA', two(`<string><![CDATA[${SOURCE}]]></string>`)],
    ['numbered characters', two(`<string>${SOURCE.replace('&', '&#38;')}</string>`)],
  ];
  for (const [what, xml, contentType] of taken) {
    it(`is taken ${what}`, () => {
      assert.deepEqual(read(xml, contentType), { source: SOURCE, target: TARGET });
    });
  }

  it('may hold nothing in its strings, which is for others to judge', () => {
    assert.deepEqual(read(two('<string/>', '')), { source: '', target: '' });
  });

  it('is read in the charset it declares', () => {
    const latin = Buffer.from(
      call(xml => xml.replace('p=1', 'p=é')),
      'latin1',
    );
    assert.equal(read(latin), 'not-xml-rpc', 'not UTF-8, so no guess');
    const said = read(latin, 'text/xml; charset=iso-8859-1');
    assert.deepEqual(said, { source: SOURCE.replace('1', 'é'), target: TARGET });
  });
});

describe('what is not such a call', () => {
  const entities = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );
  const doctype = (inside: string) =>
    call(xml => xml.replace('\n', `\n<!DOCTYPE methodCall [${inside}]>`).replace(TARGET, '&l9;'));
  const wrong: Record<string, [what: string, xml: string | Uint8Array, contentType?: string][]> = {
    'not-xml-rpc': [
      ['X01 billion laughs', doctype(`<!ENTITY l0 "lol">${entities}`)],
      ['X02 quadratic', doctype(`<!ENTITY l9 "${'x'.repeat(5_000)}">`)],
      ['X03 a file', doctype('<!ENTITY l9 SYSTEM "file:///etc/passwd">')],
      ['X04 a parameter entity', doctype('<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;')],
      ['a DOCTYPE that does nothing', call(xml => xml.replace('\n', '<!DOCTYPE methodCall>'))],
      ['an entity from nowhere', two('&nbsp;')],
      ['X07 depth', `${'<a>'.repeat(5_000)}`],
      ['depth 13', two('<a>'.repeat(9) + '</a>'.repeat(9))],
      ['X08 attributes', `<methodCall ${Array.from({ length: 1_500 }, (_, n) => `a${n}=""`).join(' ')}/>`],
      ['an attribute', call(xml => xml.replace('<methodCall>', '<methodCall a="b">'))],
      ['a namespace', call(xml => xml.replace('<methodCall>', '<methodCall xmlns="urn:x">'))],
      ['prefixes', call(xml => xml.replaceAll('methodCall>', 'x:methodCall>'))],
      ['X12 bad nesting', '<a><b></a>'],
      ['X12 trailing garbage', `${call()}x`],
      ['a second call', call() + call()],
      ['an end that is missing', call(xml => xml.replace('</methodCall>', ''))],
      ['a control character', two('a\u0007')],
      ['text between elements', call(xml => xml.replace('<params>', 'x<params>'))],
      ['another root', '<methodResponse/>'],
      ['no method', '<methodCall/>'],
      ['more than method and params', call(xml => xml.replace('</methodCall>', '<params/></methodCall>'))],
      ['UTF-16', Buffer.from(`\uFEFF${call()}`, 'utf16le')],
      ['a charset nobody may use', call(), 'text/xml; charset=utf-7'],
      ['another declared charset', call(xml => xml.replace('"1.0"', '"1.0" encoding="utf-16"'))],
      ['a charset of another alphabet', call(), 'text/xml; charset=Shift_JIS'],
      ['an unknown charset', call(), 'text/xml; charset=nonsense'],
      ['JSON', '{}'],
      ['a form', 'url=x'],
      ['nothing', ''],
    ],
    'other-method': [
      [
        'X10 system.multicall',
        callOf('<param><value><array><data/></array></value></param>', 'system.multicall'),
      ],
      ['system.listMethods', '<methodCall><methodName>system.listMethods</methodName></methodCall>'],
      ['another of Pingback', callOf('', 'pingback.extensions.getPingbacks')],
      ['other letters', callOf('', 'Pingback.Ping')],
    ],
    'wrong-parameters': [
      ['X11 none', callOf('')],
      ['no params at all', '<methodCall><methodName>pingback.ping</methodName></methodCall>'],
      ['X11 one', callOf(`<param><value>${TARGET}</value></param>`)],
      ['X11 three', callOf('<param><value>x</value></param>'.repeat(3))],
      ['X11 int', two('<int>1</int>')],
      ['X11 struct', two('<struct><member><name>a</name><value>b</value></member></struct>')],
      ['X11 array', two('<array><data><value>b</value></data></array>')],
      ['X11 base64', two('<base64>aHR0cHM6Ly9i</base64>')],
      ['X11 nil', two('<nil/>')],
      ['X12 __proto__', two('<__proto__>x</__proto__>')],
      ['two strings in one value', two('<string>a</string><string>b</string>')],
      ['text beside a string', two('a<string>b</string>')],
      ['an element in a string', two('<string><b>x</b></string>')],
      [
        'two values in one parameter',
        callOf('<param><value>a</value></param><param><value>b</value><value>c</value></param>'),
      ],
      ['a parameter without a value', callOf('<param><value>a</value></param><param><x>b</x></param>')],
      ['text beside a value', callOf('<param>x<value>a</value></param><param><value>b</value></param>')],
      ['values without parameters', callOf('<x><value>a</value></x><x><value>b</value></x>')],
      [
        'X09 characters by number in one string',
        callOf(`<param><value>${'&#65;'.repeat(3_000)}</value></param>`),
      ],
    ],
  };
  for (const [why, cases] of Object.entries(wrong)) {
    for (const [what, xml, contentType] of cases) {
      it(`is refused as ${why}: ${what}`, () => assert.equal(read(xml, contentType), why));
    }
  }
});
