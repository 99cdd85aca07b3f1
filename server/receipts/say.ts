/** A piece of a sentence: our words, a name that is not ours, or a link. */
export interface Piece {
  text: string;
  href: string | null;
  /** Somebody else's words, which may run the other way. */
  foreign: boolean;
}

/** A sentence as a page shows it (`views/partials/said.hbs`) and as JSON does (`plain`). */
export type Said = readonly Piece[];

export const foreign = (text: string): Piece => ({ text, href: null, foreign: true });
export const link = (text: string, href: string): Piece => ({ text, href, foreign: false });
/** A link whose words are a name. */
export const nameLink = (text: string, href: string): Piece => ({ text, href, foreign: true });

/** A sentence from a template: `` say`Your post is on ${link(title, href)}` ``. */
export function say(strings: TemplateStringsArray, ...values: (string | Piece)[]): Said {
  return strings
    .flatMap((words, index) => {
      const value = values[index] ?? '';
      return [ours(words), typeof value === 'string' ? ours(value) : value];
    })
    .filter(piece => piece.text !== '');
}

/** Sentences one after the other; those that say nothing are left out. */
export function together(...sentences: Said[]): Said {
  return sentences
    .filter(one => one.length > 0)
    .flatMap((one, index) => (index === 0 ? one : [ours(' '), ...one]));
}

/** The same as text without any markup. */
export const plain = (said: Said): string => said.map(piece => piece.text).join('');

const ours = (text: string): Piece => ({ text, href: null, foreign: false });
