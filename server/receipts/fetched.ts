import { STATUS_CODES } from 'node:http';
import type { Mention, Met, Sight } from '../mentions/mention.ts';
import { plural } from '../web/helpers.ts';
import { foreign, type Piece, type Said, say } from './say.ts';

/** A look that read the page, whatever stood on it. */
export type Read = 'linked' | 'no-link' | 'moved';

/** A look that brought no page to read. */
export type Unread = Exclude<Sight['saw'], Read>;

export const isRead = (saw: Sight['saw']): saw is Read =>
  saw === 'linked' || saw === 'no-link' || saw === 'moved';

/** Why a page was not read, in a sentence. */
const WHY: Readonly<Record<Unread, (host: Piece, status: number | undefined) => Said>> = {
  dns: host => say`There is no server called ${host}.`,
  'not-public': host => say`The address is not on the public web: ${host} leads to no public server.`,
  connect: host => say`${host} did not take our connection.`,
  tls: host => say`The certificate of ${host} is not valid, so we did not read the page.`,
  timeout: host => say`${host} did not answer within 10 seconds.`,
  status: (host, status) => say`${host} answered ${named(status)}${meaning(status)}`,
  redirects: () =>
    say`The address leads on through more redirects than we follow, or to a page that is not a post.`,
  'broken-answer': host => say`${host} sent an answer that breaks off, or that is not proper HTTP.`,
  'broke-reader': () => say`The page is built in a way that stops our reader. We gave it five tries.`,
  interrupted: () => say`Our looks at the post were interrupted again and again. The fault is ours.`,
  gone: host => say`${host} answered 410 Gone: the page was deleted.`,
  'not-html': () => say`The address leads to a file, not to a web page.`,
};

/** What the latest look met at the post's address. */
export function fetchedWords(
  mention: Pick<Mention, 'sourceUrl'>,
  look: Sight & { evidence: Met | null },
): Said {
  const host = foreign(hostOf(look.evidence?.finalUrl ?? mention.sourceUrl));
  if (!isRead(look.saw)) return WHY[look.saw](host, look.status);
  return look.evidence ? measured(look.evidence, host) : say`${host} answered with a page.`;
}

export const hostOf = (address: string): string => URL.parse(address)?.host ?? address;

function measured({ status, tookMs, bytes, redirects }: Met, host: Piece): Said {
  const front = redirects > 0 ? `After ${redirects} ${plural(redirects, 'redirect')} ` : '';
  const size = bytes === null ? '' : ` with ${Math.max(1, Math.round(bytes / 1024))} KB of HTML`;
  return say`${front}${host} answered ${named(status ?? 200)} in ${seconds(tookMs)} seconds${size}.`;
}

const seconds = (ms: number) => (ms < 100 ? 'less than 0.1' : (ms / 1000).toFixed(1));

const named = (status = 0) => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

function meaning(status: number | undefined): string {
  if (status === 404) return ': there is no page at this address.';
  if (status === 401 || status === 403) return '. A login or a bot filter may stand in front of the post.';
  if (status === 429) return ': it asks us to come back later.';
  return '.';
}
