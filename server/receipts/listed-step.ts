import type { HistoryEvent, Sight, Status } from '../mentions/mention.ts';
import { date } from '../web/helpers.ts';
import type { Known, Step } from './explained.ts';
import { becameAt } from './lately.ts';
import { link, type Said, say } from './say.ts';

type LastStep = Pick<Step, 'state' | 'word' | 'at' | 'text'>;

const NOT_REACHED: LastStep = { state: 'none', word: 'Not reached', at: null, text: [] };

/** Why a listing was taken back, by what the look saw. */
const WITHDRAWN: Readonly<Record<Exclude<Sight['saw'], 'linked'>, string>> = {
  'no-link': 'The link was gone',
  moved: 'The address led to another site',
  gone: 'The post was deleted',
  'not-html': 'There was no web page any more',
  dns: 'The server could not be found for days',
  'not-public': 'The address was not on the public web any more',
  connect: 'The server could not be reached for days',
  tls: 'The certificate was not valid for days',
  timeout: 'The server had not answered for days',
  status: 'The post could not be read for days',
  redirects: 'The address led elsewhere for days',
  'broken-answer': 'The post could not be read for days',
  'broke-reader': 'The post could not be read for days',
  interrupted: 'The post could not be read for days',
};

/** The last of the five steps: whether readers see the post. */
export function listedStep(known: Known): Step {
  return { name: 'Listed', rows: [], ...STEPS[known.mention.status](known) };
}

const STEPS: Readonly<Record<Status, (known: Known) => LastStep>> = {
  pending: () => NOT_REACHED,
  held: () => NOT_REACHED,
  junk: () => NOT_REACHED,
  unlinked: () => NOT_REACHED,
  unreachable: () => NOT_REACHED,
  listed: ({ mention: { id, listedAt }, topic, urls }) => ({
    state: 'ok',
    word: 'Done',
    at: listedAt,
    text: say`${link('See it on the topic page', `${urls.topic(topic.slug)}#p${id}`)}. Feed readers get it the next time they ask, usually within the hour.`,
  }),
  merged: ({ mention, into, urls }) => {
    const at = becameAt(mention.history, 'merged');
    if (!into) return { ...NOT_REACHED, text: say`This is another address of a post that we know.` };
    const other = link('The receipt of that address', urls.receipt(into.id));
    if (into.status === 'listed') {
      const text = say`The post is listed once, under another address of it. ${other} has more.`;
      return { state: 'ok', word: 'Done', at, text };
    }
    return { ...NOT_REACHED, text: say`This is another address of a post that we know. ${other} has more.` };
  },
  withdrawn: ({ mention }) => ({
    state: 'none',
    word: 'Withdrawn',
    at: becameAt(mention.history, 'withdrawn'),
    text: whyWithdrawn(mention.history),
  }),
  removed: ({ mention }) => ({
    state: 'stop',
    word: 'Removed',
    at: becameAt(mention.history, 'removed'),
    text: say`On request. Further pings of this post are refused.`,
  }),
};

/** By the look that took the listing back, not the latest one: an engine writes it right before `became`. */
function whyWithdrawn(history: readonly HistoryEvent[]): Said {
  const became = history.findLastIndex(event => event.kind === 'became' && event.status === 'withdrawn');
  const look = history[became - 1];
  if (look?.kind !== 'looked' || look.saw === 'linked') {
    return say`The link or the post was gone when we looked.`;
  }
  return say`${WITHDRAWN[look.saw]} when we looked on ${date(look.last ?? look.at)}.`;
}
