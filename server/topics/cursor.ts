import type { Listed, Place } from '../mentions/mentions.ts';

/** The place behind the last entry of a page, for `?before=`: time of listing and id, in base 36. */
export function cursorAfter({ listedAt, id }: Pick<Listed, 'listedAt' | 'id'>): string {
  return `${listedAt.toString(36)}-${id}`;
}

/** The place a cursor names; null for anything we never wrote. */
export function readCursor(text: string): Place | null {
  const [, time, id] = text.match(/^([0-9a-z]{1,10})-([0-9a-z]{10})$/) ?? [];
  return time && id ? { listedAt: Number.parseInt(time, 36), id } : null;
}
