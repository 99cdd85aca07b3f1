import { BLOCKS, readTags, type Tag } from '../text/read-tags.ts';

/** An address on the page that a reader or the browser would follow. */
export interface PageLink {
  /** As written, entities decoded. */
  href: string;
  /** Where it stands in the page's text. */
  textAt: number;
}

/** What one walk over a page finds. The texts are decoded, but not yet cleaned or cut. */
export interface Walked {
  /** In the order of the page, at most `MOST_LINKS`. */
  links: PageLink[];
  /** How many links for readers (`a`, `area`) there are in all. */
  linkCount: number;
  /** The address of the first `<base>` that names one. */
  base: string | null;
  /** The visible text, with `BLOCK_END` wherever a block element begins or ends. */
  text: string;
  title: string;
  /** The first `h1`. */
  h1: string;
  /** The `html` and `meta` tags as written, few and short enough for any parser. */
  metaTags: string;
}

/** The vertical tab: white space to patterns, and with it the text stays at one byte a letter. */
export const BLOCK_END = '\v';

/** The page of a post has a few hundred; this many fit into 1 MiB only by intent. */
const MOST_LINKS = 50_000;

/** Text comes in up to a million pieces; a list of them all takes twenty times as much as what they say. */
const MOST_PIECES = 4096;

/** What cheerio reads in a few milliseconds, whatever it is. */
const MOST_META = { length: 64 * 1024, tags: 1_000 };

/** Elements whose content is text to the tokenizer, though none that is read. */
const RAW = wordSet('script style title textarea iframe noembed noframes xmp plaintext');

/**
 * Reads a whole page once. Every `href` of `a` and `area`, `src` of images and media and `cite` of quotations
 * is a link, inside `noscript` too; what stands in a comment, a template or a raw element is neither link
 * nor text. A template that is never closed hides the rest of the page.
 */
export function walkPage(html: string): Walked {
  const links: PageLink[] = [];
  let linkCount = 0;
  let base: string | null = null;

  let text = '';
  let pieces: string[] = [];
  let textLength = 0;
  let title = '';
  let titleEnded = false;
  let h1Start = 0;
  let h1End = 0;

  let metaTags = '';
  let metaCount = 0;

  let raw: string | null = null;
  let templates = 0;
  const hidden = () => raw !== null || templates > 0;

  const joinText = () => {
    text += pieces.join('');
    pieces = [];
  };
  const addText = (piece: string) => {
    if (pieces.length === MOST_PIECES) joinText();
    pieces.push(piece);
    textLength += piece.length;
  };
  const endBlock = () => {
    if (pieces.at(-1) !== BLOCK_END) addText(BLOCK_END);
  };
  const keepAddress = (name: string, href: string) => {
    if (name === 'base') {
      base ??= href;
      return;
    }
    if (name === 'a' || name === 'area') linkCount++;
    if (links.length < MOST_LINKS) links.push({ href, textAt: textLength });
  };
  const keepMeta = ({ start, end }: Tag) => {
    if (metaCount === MOST_META.tags || metaTags.length + end - start > MOST_META.length) return;
    metaCount++;
    metaTags += html.slice(start, end);
  };

  readTags(html, {
    open(tag) {
      const { name, address } = tag;
      if (name === 'template') templates++;
      if (RAW.has(name)) raw = name;
      if (hidden()) return;
      if (BLOCKS.has(name)) endBlock();
      if (name === 'br') addText(' ');
      if (name === 'h1' && h1Start === 0) h1Start = textLength;
      if (name === 'meta' || name === 'html') keepMeta(tag);
      if (address !== null) keepAddress(name, address);
    },
    close(name) {
      if (name === raw) {
        if (name === 'title' && templates === 0) titleEnded = true;
        raw = null;
      } else if (name === 'template' && templates > 0) templates--;
      if (hidden()) return;
      if (name === 'h1' && h1Start > 0 && h1End === 0) h1End = textLength;
      if (BLOCKS.has(name)) endBlock();
    },
    text(piece) {
      if (raw === 'title' && templates === 0 && !titleEnded) title += piece;
      if (!hidden()) addText(piece);
    },
  });

  joinText();
  // Whoever cleans it for readers takes controls out, and its words would grow together.
  const h1 = text.slice(h1Start, h1End).replaceAll(BLOCK_END, ' ');
  return { links, linkCount, base, text, title, h1, metaTags };
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/));
}
