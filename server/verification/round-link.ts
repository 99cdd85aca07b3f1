import { cleanText } from '../text/clean.ts';
import { BLOCK_END } from './walk-page.ts';

/** As many graphemes as any excerpt has, and how many of them may stand in front of the link. */
const LONGEST = 300;
const BEFORE = 150;

/** How far the block is looked at to either side: enough for the excerpt, however it is indented. */
const REACH = 4096;

const sentences = new Intl.Segmenter('und', { granularity: 'sentence' });
const words = new Intl.Segmenter('und', { granularity: 'word' });

/**
 * The text of the block element round a link, as an excerpt: all of it, or else a piece that begins with a
 * sentence, if need be with a word, and has the link in its middle. "…" stands for what was left out.
 * Null when the block holds no text. `text` is that of the walk, `at` the link's place in it.
 */
export function textRoundLink(text: string, at: number): string | null {
  const before =
    text
      .slice(Math.max(0, at - REACH), at)
      .split(BLOCK_END)
      .at(-1) ?? '';
  const ahead = text.slice(at, at + REACH);
  // A link may hold the block rather than stand in it: `<a href><h2>…</h2></a>`.
  const after = (before.trim() ? ahead : ahead.trimStart()).split(BLOCK_END, 1)[0] ?? '';
  const block = collapse(before + after).trim();
  const link = collapse(before).trimStart().length;
  const earliest = Math.max(0, Math.min(link - BEFORE, block.length - LONGEST));
  const start = earliest === 0 ? 0 : startWithin(block, earliest, link);
  return start === 0 ? cleanText(block, LONGEST) : cleanText(`…${block.slice(start)}`, LONGEST);
}

/** Where between the two places the first sentence begins, else the first word. */
function startWithin(block: string, earliest: number, link: number): number {
  const reach = block.slice(earliest, link + 1);
  for (const segmenter of [sentences, words]) {
    for (const { index, isWordLike } of segmenter.segment(reach)) {
      // The first segment begins where the reach was cut.
      if (index > 0 && isWordLike !== false) return earliest + index;
    }
  }
  return link;
}

function collapse(text: string): string {
  return text.replace(/\s+/gu, ' ');
}
