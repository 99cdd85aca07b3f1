import { load } from 'cheerio/slim';
import { escapeXml } from '../../server/text/xml.ts';
import { assertWellFormed } from './feed.ts';

/** A call of `pingback.ping` as WordPress writes it. */
export const aCall = (source: string, target: string): string =>
  callOf(
    [source, target]
      .map(text => `<param><value><string>${escapeXml(text)}</string></value></param>`)
      .join('\n'),
  );

/** A call with these parameters, whatever they are. */
export const callOf = (params: string, method = 'pingback.ping'): string => `<?xml version="1.0"?>
<methodCall>
<methodName>${method}</methodName>
<params>
${params}
</params></methodCall>`;

/** What an XML-RPC client makes of an answer. Throws when it is not well-formed, or neither one nor the other. */
export function readResponse(xml: string): { value: string } | { code: number; words: string } {
  assertWellFormed(xml);
  const $ = load(xml, { xml: true });
  const value = $('methodResponse > params > param > value > string');
  if (value.length === 1 && $('fault').length === 0) return { value: value.text() };
  const member = (name: string) =>
    $('methodResponse > fault > value > struct > member')
      .filter((_, one) => $(one).children('name').text() === name)
      .children('value');
  const code = member('faultCode').children('int').text();
  const words = member('faultString').children('string').text();
  if (!/^-?\d+$/.test(code) || words === '') throw new Error(`no XML-RPC answer: ${xml}`);
  return { code: Number(code), words };
}
