import { SaxesParser } from 'saxes';
import { charsetName, declaredCharset } from '../text/charset.ts';

/** The two parameters of `pingback.ping` (Pingback 1.0, section 3), as they were sent. */
export interface PingbackCall {
  source: string;
  target: string;
}

/** Why a body is no call of `pingback.ping`. */
export type Misread = 'not-xml-rpc' | 'other-method' | 'wrong-parameters';

interface Element {
  name: string;
  children: Element[];
  text: string;
}

const DEEPEST = 12;
/** Whatever holds URLs in ASCII; WHATWG takes the other two for windows-1252. */
const CHARSETS = new Set(['utf-8', 'windows-1252']);

/**
 * Reads a call from the bytes of a request, whatever Content-Type it declares. XML-RPC needs neither a
 * DOCTYPE nor attributes, so whoever sends one is refused; entities but the five of XML are unknown. The
 * caller bounds the bytes.
 */
export function readCall(body: Uint8Array, contentType: string | undefined): PingbackCall | Misread {
  const xml = decodeXml(body, contentType);
  const root = xml === null ? null : readTree(xml);
  if (root?.name !== 'methodCall' || !holdsElements(root)) return 'not-xml-rpc';
  const [method, params, ...more] = root.children;
  if (method?.name !== 'methodName' || method.children.length > 0 || more.length > 0) return 'not-xml-rpc';
  if (method.text.trim() !== 'pingback.ping') return 'other-method';
  const [source, target, ...others] = params ? stringsOf(params) : [];
  if (typeof source !== 'string' || typeof target !== 'string' || others.length > 0)
    return 'wrong-parameters';
  return { source, target };
}

/** Null: the bytes are not in the charset they declare (RFC 7303: the Content-Type first), or in none we take. */
function decodeXml(body: Uint8Array, contentType: string | undefined): string | null {
  const head = new TextDecoder('latin1').decode(body.subarray(0, 200));
  const written = /^(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)/.exec(head)?.[1];
  const charset = charsetName(declaredCharset(contentType) ?? written ?? 'utf-8');
  if (charset === null || !CHARSETS.has(charset)) return null;
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** The document's element with all that is in it; null when it is not the XML we take. */
function readTree(xml: string): Element | null {
  const parser = new SaxesParser();
  const open: Element[] = [];
  let root: Element | null = null;
  const refuse = () => {
    throw new NotTaken();
  };
  const addText = (text: string) => {
    const element = open.at(-1);
    if (element) element.text += text;
  };
  parser.on('error', refuse);
  parser.on('doctype', refuse);
  parser.on('attribute', refuse);
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('opentagstart', ({ name }) => {
    if (open.length === DEEPEST) refuse();
    const element = { name, children: [], text: '' };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  try {
    parser.write(xml).close();
  } catch (error) {
    if (error instanceof NotTaken) return null;
    throw error;
  }
  return root;
}

class NotTaken extends Error {}

/** The parameters, null for each that is no string. */
function stringsOf(params: Element): (string | null)[] {
  if (params.name !== 'params' || !holdsElements(params)) return [];
  return params.children.map(param => {
    const [value, ...more] = param.children;
    const alone = param.name === 'param' && holdsElements(param) && more.length === 0;
    return alone && value?.name === 'value' ? stringOf(value) : null;
  });
}

/** A value without a type is a string (XML-RPC, "Scalar <value>s"). */
function stringOf(value: Element): string | null {
  const [typed, ...more] = value.children;
  if (!typed) return value.text;
  const isString = typed.name === 'string' && typed.children.length === 0 && more.length === 0;
  return isString && holdsElements(value) ? typed.text : null;
}

/** Between elements there is only white space. */
function holdsElements({ text }: Element): boolean {
  return text.trim() === '';
}
