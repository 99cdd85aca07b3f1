import type { Mention } from '../mentions/mention.ts';
import { date, isoDay, isoTime, langOf, plural, timeToSecond } from '../web/helpers.ts';
import { type Explained, shownOf } from './explain.ts';
import type { Stamp, Step } from './explained.ts';
import { pingsOf } from './lately.ts';
import { type Next, tooSoon } from './next.ts';
import { shownReceiptId } from './receipt-id.ts';
import type { Said } from './say.ts';

/** What became of one ping, as the receipt and "Where is my ping?" show it. */
export interface ShownOutcome {
  id: string;
  number: string;
  href: string;
  stamp: Stamp;
  headline: Said;
  lede: Said;
  /** "One ping received" */
  pings: string;
  title: string | null;
  blog: string | null;
  lang: string | null;
  steps: ShownStep[];
  next: ShownNext;
}

export interface ShownStep extends Pick<Step, 'name' | 'state' | 'word' | 'text' | 'rows'> {
  /** The day only where it is not the one of the step before. */
  time: { iso: string; words: string; day: string | null } | null;
  lang: string | null;
}

export interface ShownNext extends Omit<Next, 'button' | 'elsewhere'> {
  button: { label: string; action: string } | null;
  /** Why the button is of no use yet. */
  soon: Said;
  elsewhere: { title: string; slug: string; action: string; source: string } | null;
}

/** Puts what was explained into the form of the pages; nothing is decided here. */
export function shownOutcome(explained: Explained): ShownOutcome {
  const { known, stamp, headline, lede, steps } = explained;
  const { mention, urls } = known;
  const shown = shownOf(mention);
  const lang = langOf(shown?.language ?? mention.page?.language ?? null);
  return {
    id: mention.id,
    number: shownReceiptId(mention.id),
    href: urls.receipt(mention.id),
    stamp,
    headline,
    lede,
    pings: pingCount(mention),
    title: shown?.title ?? null,
    blog: shown ? (shown.blogName ?? mention.site) : null,
    lang,
    steps: steps.map((step, index) => shownStep(step, steps[index - 1], lang)),
    next: shownNext(explained),
  };
}

function shownStep(step: Step, before: Step | undefined, lang: string | null): ShownStep {
  const { name, state, word, at, text, rows } = step;
  const day = at === null ? null : isoDay(at);
  const sameDay = before !== undefined && before.at !== null && isoDay(before.at) === day;
  const time =
    at === null ? null : { iso: isoTime(at), words: timeToSecond(at), day: sameDay ? null : date(at) };
  return { name, state, word, text, rows, lang, time };
}

function shownNext({ known, next }: Explained): ShownNext {
  const { mention, urls, lookableAt } = known;
  const { button, elsewhere } = next;
  return {
    ...next,
    button: button === null ? null : { label: button, action: urls.path(urls.lookAgain(mention.id)) },
    soon: button === null || lookableAt === null ? [] : tooSoon(mention, lookableAt),
    elsewhere: elsewhere && { ...elsewhere, action: urls.path(urls.where), source: mention.sourceUrl },
  };
}

const SMALL = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

function pingCount(mention: Mention): string {
  const { count } = pingsOf(mention);
  return `${SMALL[count] ?? count} ${plural(count, 'ping')} received`;
}
