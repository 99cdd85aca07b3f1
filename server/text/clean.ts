import type { Words } from '../mentions/mention.ts';
import { BLOCKS, readTags } from './read-tags.ts';
import { onlyXmlChars } from './xml.ts';

/** How many graphemes of each are kept; what is stored is what is shown. */
const LONGEST = { title: 200, excerpt: 300, blogName: 100 } as const;

/** Controls, soft hyphens, and what turns the direction of the text round it; joiners (U+200C/D) stay. */
const INVISIBLE =
  /[\u{0}-\u{8}\u{B}\u{C}\u{E}-\u{1F}\u{7F}-\u{9F}\u{AD}\u{115F}\u{1160}\u{61C}\u{180E}\u{200B}\u{200E}\u{200F}\u{202A}-\u{202E}\u{2060}-\u{2064}\u{2066}-\u{206F}\u{2800}\u{3164}\u{FEFF}\u{FFA0}\u{FFF9}-\u{FFFB}\u{E0000}-\u{E007F}]/gu;

/** What most texts are, and needs no cleaning: words of printable ASCII, one space between them. */
const CLEAN_ALREADY = /^[!-~]+(?: [!-~]+)*$/;

/** Without one of these there is nothing to see, or to click on. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** More marks on one letter than any script uses climb over the lines above. */
const TOO_MANY_MARKS = /(\p{M}{6})\p{M}+/gu;

/** A grapheme has no end of its own (joined emoji), so the text is cut to this many code units for each first. */
const LONGEST_GRAPHEME = 32;

/** Made when it is first needed, because it takes 20 ms of a start. */
let graphemes: Intl.Segmenter | undefined;

/** Foreign words as plain text, each cut to its length; null where nothing is left. The one way in. */
export function cleanWords(raw: { [name in keyof Words]?: string | null | undefined }): Words {
  const clean = (name: keyof Words) => cleanHtml(raw[name] ?? '', LONGEST[name]);
  return { title: clean('title'), excerpt: clean('excerpt'), blogName: clean('blogName') };
}

/** What `cleanWords` does, for text that is already without markup, as a parser hands it out. */
export function cleanText(text: string, most: number): string | null {
  const enough = text.slice(0, most * LONGEST_GRAPHEME);
  if (CLEAN_ALREADY.test(enough)) return cutAtWord(enough, most);
  // Composed after what stood between a letter and its marks is gone.
  const plain = onlyXmlChars(enough.toWellFormed())
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(TOO_MANY_MARKS, '$1')
    .replace(/\s+/gu, ' ')
    .trim();
  return VISIBLE.test(plain) ? cutAtWord(plain, most) : null;
}

/** As `cleanText`, of text that a sender wrote as HTML: tags out first, then entities decoded once. */
function cleanHtml(html: string, most: number): string | null {
  return cleanText(withoutMarkup(html), most);
}

/** A tag that is never closed is dropped with the rest. */
function withoutMarkup(html: string): string {
  if (!/[<&]/.test(html)) return html;
  let text = '';
  let skipping: string | null = null;
  // Only a block's border parts words; `<b>` and its like may stand inside one.
  const part = (tag: string) => {
    if (BLOCKS.has(tag) || tag === 'br') text += ' ';
  };
  readTags(html, {
    open({ name }) {
      if (name === 'script' || name === 'style') skipping = name;
      part(name);
    },
    close(name) {
      if (name === skipping) skipping = null;
      part(name);
    },
    text(piece) {
      if (!skipping) text += piece;
    },
  });
  return text;
}

/** Never inside a grapheme, and at a space where there is one near the end; "…" stands for the rest. */
function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  graphemes ??= new Intl.Segmenter('und', { granularity: 'grapheme' });
  const starts: number[] = [];
  for (const { index } of graphemes.segment(text)) {
    starts.push(index);
    if (starts.length > most) break;
  }
  if (starts.length <= most) return text;
  const cut = text.slice(0, starts[most - 1]);
  const space = cut.lastIndexOf(' ');
  return `${(space > cut.length * 0.8 ? cut.slice(0, space) : cut).trimEnd()}…`;
}
