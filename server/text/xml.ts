/** Everything outside the Char production of XML 1.0 (section 2.2), lone surrogates included. */
const NOT_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text without the characters that no XML document may hold, not even escaped. */
export function onlyXmlChars(text: string): string {
  return text.replace(NOT_XML, '');
}

/** Text made safe for element content and quoted attributes, of XML and of HTML alike. */
export function escapeXml(text: string): string {
  return onlyXmlChars(text).replace(/[&<>"']/g, char => ESCAPES[char] as string);
}
