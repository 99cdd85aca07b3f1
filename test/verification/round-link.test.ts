import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textRoundLink } from '../../server/verification/round-link.ts';
import { walkPage } from '../../server/verification/walk-page.ts';

const LINK = '<a href="https://hub.example/t1">the night sky</a>';
const FILLER = 'Twelve words make up this one sentence that says nothing at all. ';

/** The excerpt round the first link of a page. */
function round(html: string): string | null {
  const { text, links } = walkPage(html);
  return textRoundLink(text, links[0]?.textAt ?? Number.NaN);
}

const graphemes = (text: string | null) => Array.from(new Intl.Segmenter().segment(text ?? '')).length;

describe('the text round a link', () => {
  it('is that of the nearest block', () => {
    assert.equal(
      round(`<h1>No</h1><p>\n  Seen <b>in</b> ${LINK},\n  twice.</p><p>No</p>`),
      'Seen in the night sky, twice.',
    );
    assert.equal(round(`<ul><li>No<li>Yes: ${LINK}<li>No</ul>`), 'Yes: the night sky');
    assert.equal(round(`No<div>Yes<br>${LINK}</div>No`), 'Yes the night sky');
    assert.equal(round(`<table><td>No<td>${LINK}<td>No</table>`), 'the night sky');
  });

  it('may be held by the link itself', () => {
    assert.equal(round('<a href=/t1>\n<h2>Orion</h2><p>Three stars.</p></a>'), 'Orion');
  });

  it('holds neither scripts nor markup nor what hides between', () => {
    assert.equal(
      round(`<p>A<script>no()</script><!-- no --> ${LINK}<template>no</template> &lt;b&gt;</p>`),
      'A the night sky <b>',
    );
  });

  it('begins with a sentence, and has the link in its middle, where the block is long', () => {
    const excerpt = round(
      `<p>${FILLER.repeat(20)}Then we saw ${LINK} over the hill. ${FILLER.repeat(20)}</p>`,
    );
    assert.match(excerpt ?? '', /^…Twelve words .* Then we saw the night sky over the hill\. Twelve .*…$/);
    assert.ok(graphemes(excerpt) <= 300);
    const at = excerpt?.indexOf('the night sky') ?? 0;
    assert.ok(at > 60 && at < 240, String(at));
  });

  it('takes more from before where little comes after', () => {
    const excerpt = round(`<p>${FILLER.repeat(20)}And then ${LINK}.</p>`);
    assert.match(excerpt ?? '', /^…Twelve words make .*And then the night sky\.$/);
    assert.ok(graphemes(excerpt) > 220);
  });

  it('from the start of the block loses nothing at the front', () => {
    assert.match(round(`<p>See ${LINK}. ${FILLER.repeat(20)}</p>`) ?? '', /^See the night sky\. Twelve .*…$/);
  });

  it('begins with a word where the sentence is long, in any script', () => {
    const english =
      round(`<p>${'never ending words '.repeat(100)}${LINK} ${'and on '.repeat(100)}</p>`) ?? '';
    assert.match(english, /^…(?:never|ending|words) .*the night sky .*…$/);
    const japanese =
      round(`<p>${'長い文章が続いて'.repeat(100)}${LINK}${'さらに続く'.repeat(100)}</p>`) ?? '';
    assert.match(japanese, /^…\p{L}.*the night sky.*…$/u);
    assert.ok(graphemes(japanese) <= 300);
  });

  it('is null where there is none', () => {
    assert.equal(round('<p>No</p><p><img src=/t1></p>'), null);
  });

  it('of a block of a megabyte costs no more than of a short one', () => {
    const excerpt = round(`<p>${'x'.repeat(400_000)} ${LINK} ${'y'.repeat(400_000)}</p>`);
    assert.match(excerpt ?? '', /^…the night sky y+…$/);
  });
});
