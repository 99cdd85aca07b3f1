import type { Refusal } from '../mentions/mention.ts';

/** What a person typed and chose, as it came. */
export interface Typed {
  url: string;
  /** A slug, or nothing. */
  topic: string;
}

/** The form as it was sent, and whether its second button was pressed. */
export type SentForm = Typed & { preview: boolean };

/**
 * Reads the form that our page sends: `application/x-www-form-urlencoded`, in UTF-8 as the page is. Of a repeated
 * field the first counts, others are ignored.
 */
export function readForm(body: Uint8Array, contentType: string | undefined): SentForm | Refusal {
  if (!/^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType ?? '')) return 'unreadable';
  const fields = new URLSearchParams(Buffer.from(body).toString('utf8'));
  return { ...typedIn(name => fields.get(name)), preview: fields.get('do') === 'preview' };
}

/** What the address of the form fills in, so that a bookmark or a link can. */
export function readPrefill(query: Record<string, unknown>): Typed {
  return typedIn(name => {
    const value = query[name];
    const first: unknown = Array.isArray(value) ? value[0] : value;
    return typeof first === 'string' ? first : null;
  });
}

function typedIn(field: (name: string) => string | null): Typed {
  return { url: (field('url') ?? '').trim(), topic: (field('topic') ?? '').trim() };
}
