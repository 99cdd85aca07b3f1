import { Tokenizer } from 'htmlparser2';

/** An opening tag that was closed by `>`. `start` and `end` are offsets in the page. */
export interface Tag {
  name: string;
  /** The address it leads to, decoded: the first of duplicate attributes; null when it names none. */
  address: string | null;
  start: number;
  end: number;
}

export interface TagEvents {
  open(tag: Tag): void;
  close(name: string): void;
  /** Text with its entities decoded, in pieces; also what stands in scripts and other raw elements. */
  text(piece: string): void;
}

/** Longer addresses are cut right after it, so that an attribute of a megabyte costs no more. */
export const LONGEST_ADDRESS = 2048;

/** Elements that stand on lines of their own. */
export const BLOCKS: ReadonlySet<string> = new Set(
  `address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption figure
  footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol option p pre section summary table tbody
  td tfoot th thead tr ul`.split(/\s+/),
);

/** Where each element names an address that a reader or the browser would follow. */
const ADDRESS_IN: Readonly<Record<string, string>> = {
  a: 'href',
  area: 'href',
  base: 'href',
  img: 'src',
  audio: 'src',
  video: 'src',
  source: 'src',
  blockquote: 'cite',
  q: 'cite',
};

/**
 * Tells of a page's tags and text from its beginning to its end, in time linear in its length whatever it
 * holds. htmlparser2's tokenizer alone, because every parser that builds a tree, or only keeps a stack of
 * open elements, can be fed a page that takes it minutes. Comments are passed over.
 */
export function readTags(html: string, events: TagEvents): void {
  let name = '';
  let start = 0;
  let address: string | null = null;
  let inAddress = false;

  const addToAddress = (piece: string) => {
    if (!inAddress || (address !== null && address.length > LONGEST_ADDRESS)) return;
    // One more than the longest, so that it shows.
    address = ((address ?? '') + piece).slice(0, LONGEST_ADDRESS + 1);
  };
  const open = (end: number) => events.open({ name, address, start, end: end + 1 });
  const pass = () => {};

  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname(from, to) {
        name = html.slice(from, to).toLowerCase();
        start = from - 1;
        address = null;
      },
      onattribname(from, to) {
        const wanted = ADDRESS_IN[name];
        inAddress =
          address === null && wanted?.length === to - from && html.slice(from, to).toLowerCase() === wanted;
        addToAddress('');
      },
      onattribdata: (from, to) => addToAddress(html.slice(from, Math.min(to, from + LONGEST_ADDRESS + 1))),
      onattribentity: codepoint => addToAddress(String.fromCodePoint(codepoint)),
      onattribend() {
        inAddress = false;
      },
      onopentagend: open,
      onselfclosingtag: open,
      onclosetag: (from, to) => events.close(html.slice(from, to).toLowerCase()),
      ontext: (from, to) => events.text(html.slice(from, to)),
      ontextentity: codepoint => events.text(String.fromCodePoint(codepoint)),
      oncdata: pass,
      oncomment: pass,
      ondeclaration: pass,
      onprocessinginstruction: pass,
      onend: pass,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
