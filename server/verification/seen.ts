import type { ClaimedMention } from '../mentions/mentions.ts';
import { keyOf, siteOf } from '../mentions/source-key.ts';
import type { Followed } from './follow.ts';
import type { Seen } from './outcomes.ts';
import { shownOf } from './shown.ts';

/** What a look, which is about a source in all its topics, came to for one of its mentions. */
export function seenBy(
  mention: Pick<ClaimedMention, 'id' | 'claim'>,
  { answer, finalUrl }: Pick<Followed, 'answer' | 'finalUrl'>,
  now: number,
): Seen {
  if (answer.kind === 'gone') return { saw: 'gone', status: answer.status };
  if (answer.kind === 'not-html') return { saw: 'not-html', status: answer.status };
  if (answer.kind === 'failed') {
    const { trouble, status, retryAfterMs } = answer;
    return {
      saw: trouble,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  const found = answer.found.find(one => one.id === mention.id);
  if (!found?.link) return { saw: 'no-link' };
  const url = new URL(finalUrl);
  return {
    saw: 'linked',
    finalUrl: url.href,
    finalKey: keyOf(url),
    site: siteOf(url),
    page: { ...answer.page, at: now },
    shown: shownOf(mention.claim, found, answer),
  };
}
