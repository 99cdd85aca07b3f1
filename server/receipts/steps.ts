import type { Door, Mention, Status } from '../mentions/mention.ts';
import { RETRIES } from '../verification/outcomes.ts';
import { date, dateAndTime } from '../web/helpers.ts';
import type { Known, Step } from './explained.ts';
import { fetchedWords, isRead } from './fetched.ts';
import { becameAt, isOwed, type LatestLook, latestLook, pingsOf, waitsFor } from './lately.ts';
import { listedStep } from './listed-step.ts';
import { foundLink, nearMissWords } from './near-miss.ts';
import { type Said, say, together } from './say.ts';

const DOORS: Readonly<Record<Door, string>> = {
  trackback: 'TrackBack',
  pingback: 'Pingback',
  webmention: 'Webmention',
  form: 'the form of this hub',
};

const NOT_REACHED = { state: 'none', word: 'Not reached', at: null, text: [], rows: [] } as const;

/** What happened to a ping, always in these five steps, also those that were not reached. */
export function stepsOf(known: Known): Step[] {
  const look = latestLook(known.mention);
  return [
    received(known.mention),
    fetched(known, look),
    linkStep(known, look),
    moderation(known.mention),
    listedStep(known),
  ].map(step => ({ ...step, rows: [...step.rows] }));
}

function received(mention: Mention) {
  const names = mention.doors.map(door => DOORS[door.via]);
  const by = new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
  const { count, last } = pingsOf(mention);
  const again =
    count > 1
      ? say`It came ${count === 2 ? 'twice' : `${count} times`}, counted once; the last time on ${dateAndTime(last)}.`
      : [];
  const text = together(say`By ${by}.`, again);
  return {
    name: 'Ping received',
    state: 'ok',
    word: 'Done',
    at: mention.firstPingAt,
    text,
    rows: [],
  } as const;
}

const FIRST_LOOK = {
  nothing: say`We look at the post now; that takes a few seconds.`,
  turn: say`We look at the post in its turn: no blog is asked for more than 30 pages a minute.`,
  pause: say`Your blog asked us to wait.`,
};

function fetched(known: Known, look: LatestLook | null) {
  const { mention, now } = known;
  const name = 'Post fetched';
  if (!look) {
    const text = FIRST_LOOK[waitsFor(known) ?? 'nothing'];
    return { ...NOT_REACHED, name, state: 'wait', word: 'Being checked', text } as const;
  }
  const said = fetchedWords(mention, look);
  const about = { name, at: look.at, rows: [] };
  if (isRead(look.saw)) return { ...about, state: 'ok', word: 'Done', text: said } as const;
  const again = mention.status === 'pending' || mention.status === 'listed';
  if (!again || mention.due === null) return { ...about, state: 'stop', word: 'Failed', text: said } as const;
  const text = together(said, isOwed(mention, now) ? say`We try again now.` : nextTry(mention, mention.due));
  return { ...about, state: 'wait', word: 'Trying again', text } as const;
}

/** The next try, and the last one where the ladder has an end. */
function nextTry({ status, tries }: Mention, due: number): Said {
  const left = RETRIES.slice(tries);
  const last = left.reduce((sum, delay) => sum + delay, due);
  if (status !== 'pending') return say`Next try: ${dateAndTime(due)}.`;
  if (left.length === 0) return say`Next and last try: ${dateAndTime(due)}.`;
  return say`Next try: ${dateAndTime(due)}; last try: ${dateAndTime(last)}.`;
}

function linkStep(known: Known, look: LatestLook | null) {
  const name = 'Link to the topic';
  const { mention } = known;
  if (look && isRead(look.saw)) {
    const about = { name, at: look.at };
    const { evidence } = look;
    if (look.saw === 'linked') {
      const found = evidence ? foundLink(evidence) : { text: [], rows: [] };
      return { ...about, state: 'ok', word: 'Found', ...found } as const;
    }
    if (look.saw === 'moved') {
      const text = say`This address leads to another site now, and a listing does not go along there.`;
      return { ...about, state: 'stop', word: 'Not found', text, rows: [] } as const;
    }
    const missed = evidence
      ? nearMissWords(evidence, known)
      : { text: say`No link in the post leads to this topic.`, rows: [] };
    return { ...about, state: 'stop', word: 'Not found', ...missed } as const;
  }
  if (mention.status !== 'listed' || !mention.page) return { ...NOT_REACHED, name } as const;
  const text = say`It was there when we last read the post, on ${date(mention.page.at)}.`;
  return { name, state: 'ok', word: 'Found', at: mention.page.at, text, rows: [] } as const;
}

/** Past the link, what a person had to say; null where nothing was asked. */
const DECIDED: Readonly<Record<Status, 'passed' | 'waiting' | 'declined' | null>> = {
  pending: null,
  unlinked: null,
  unreachable: null,
  listed: 'passed',
  merged: 'passed',
  withdrawn: 'passed',
  removed: null,
  held: 'waiting',
  junk: 'declined',
};

function moderation({ status, history, listedAt }: Mention) {
  const name = 'Moderation';
  const at = becameAt(history, status);
  const decided = status === 'removed' && listedAt !== null ? 'passed' : DECIDED[status];
  if (decided === null) return { ...NOT_REACHED, name } as const;
  if (decided === 'waiting') {
    const word = at === null ? 'Waiting' : `Waiting since ${dateAndTime(at)}`;
    return { name, state: 'wait', word, at, text: say`Nothing for you to do.`, rows: [] } as const;
  }
  if (decided === 'declined') {
    const text = say`A moderator decided that the post is not to be listed.`;
    return { name, state: 'stop', word: 'Declined', at, text, rows: [] } as const;
  }
  const text = say`Posts that link to the topic go straight through.`;
  return { name, state: 'ok', word: 'Not needed', at: listedAt, text, rows: [] } as const;
}
