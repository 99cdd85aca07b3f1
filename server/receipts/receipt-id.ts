/** Crockford's base 32: what is often misread stands for the letter that is meant. */
const MISREAD: Readonly<Record<string, string>> = { i: '1', l: '1', o: '0' };

/** The id that somebody typed or pasted, in any case, with or without hyphen; null when it can be none. */
export function readReceiptId(text: string): string | null {
  const id = text
    .toLowerCase()
    .replaceAll('-', '')
    .replace(/[ilo]/g, letter => MISREAD[letter] as string);
  return /^[0-9a-hjkmnp-tv-z]{10}$/.test(id) ? id : null;
}

/** "7K3MQ-2XD4F": the id as it is read out and written down. */
export const shownReceiptId = (id: string): string => `${id.slice(0, 5)}-${id.slice(5)}`.toUpperCase();
