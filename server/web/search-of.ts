import type { Request } from 'express';

/** The query of a request as it was written, with its question mark, to go along with a redirect. */
export function searchOf({ originalUrl }: Pick<Request, 'originalUrl'>): string {
  const query = originalUrl.indexOf('?');
  return query < 0 ? '' : originalUrl.slice(query);
}
