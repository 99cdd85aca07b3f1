import type { Known, Stamp } from './explained.ts';
import { isOwed, latestLook, type Situation, situationOf, waitsFor } from './lately.ts';
import { link, nameLink, type Piece, type Said, say, together } from './say.ts';

/** What is said first: one word, a headline, and a sentence or two of what it means. */
export interface Verdict {
  situation: Situation;
  stamp: Stamp;
  headline: Said;
  lede: Said;
}

const STAMPS: Readonly<Record<Exclude<Situation, 'merged'>, Stamp>> = {
  checking: { word: 'Being checked', state: 'wait' },
  'trying-again': { word: 'Trying again', state: 'wait' },
  listed: { word: 'Listed', state: 'ok' },
  held: { word: 'Waiting for a person', state: 'wait' },
  junk: { word: 'Declined', state: 'stop' },
  unlinked: { word: 'Not listed', state: 'stop' },
  unreachable: { word: 'Not listed', state: 'stop' },
  withdrawn: { word: 'Withdrawn', state: 'none' },
  removed: { word: 'Not listed', state: 'stop' },
};

const HEADLINES: Readonly<Record<Situation, (topic: Piece) => Said>> = {
  checking: () => say`We are looking at your post`,
  'trying-again': () => say`We could not read your post yet`,
  listed: topic => say`Your post is on ${topic}`,
  held: () => say`Your post is waiting for a moderator`,
  junk: () => say`A moderator declined this post`,
  unlinked: topic => say`We read your post, but it does not link to ${topic}`,
  unreachable: () => say`We could not read your post`,
  merged: () => say`Your post is known under another address`,
  withdrawn: topic => say`Your post is no longer on ${topic}`,
  removed: topic => say`Your post was taken off ${topic}`,
};

const LEDES: Readonly<Record<Situation, (topic: Piece) => Said>> = {
  checking: () => say`Your ping arrived. We are looking at your post; that takes a few seconds.`,
  'trying-again': () =>
    say`Your ping arrived, but we could not read your post. We try again by ourselves, so there is nothing to send again.`,
  listed: topic => say`Your ping arrived, the link is there, and your post is listed on ${topic}.`,
  held: () => say`Your ping arrived and the link is there. A moderator looks at it before it is listed.`,
  junk: () => say`Your ping arrived and the link is there, but a moderator decided not to list the post.`,
  unlinked: topic => say`Your ping arrived and we read your post, but it does not link to ${topic}.`,
  unreachable: () => say`Your ping arrived, but we could not read your post.`,
  merged: () =>
    say`Your ping arrived. This address leads to a post that we know under another one; a post is listed once.`,
  withdrawn: topic => say`Your post was on ${topic}, until we looked at it again.`,
  removed: topic => say`Your post was taken off ${topic} on request.`,
};

const WAITS = {
  turn: say`Your ping arrived. Other posts of the same blog, or of others at its server, are looked at first.`,
  pause: say`Your ping arrived. We look at your post when your blog lets us, for it asked us to wait.`,
};

/** What became of a ping so far, in its shortest form. */
export function verdictOf(known: Known): Verdict {
  const { mention, topic, urls, now } = known;
  const situation = situationOf(mention, now);
  const name = nameLink(topic.title, urls.topic(topic.slug));
  const again = isOwed(mention, now) && latestLook(mention) !== null;
  const waits = waitsFor(known);
  const lede =
    situation === 'checking' && again
      ? say`We are looking at your post once more.`
      : waits !== null
        ? WAITS[waits]
        : [];
  return {
    situation,
    stamp: stampOf(known, situation),
    headline: HEADLINES[situation](name),
    lede: together(
      lede.length > 0 ? lede : LEDES[situation](name),
      again && situation !== 'checking' ? say`We are reading it once more.` : [],
      again ? say`What stands below is what we saw the last time.` : [],
      isOwed(mention, now) || situation === 'checking'
        ? say`${link('Look again', urls.receipt(mention.id))}.`
        : [],
      known.into ? say`${link('See the receipt of that address', urls.receipt(known.into.id))}.` : [],
    ),
  };
}

/** A merged post stands where the one it was merged into stands. */
function stampOf({ into, now }: Known, situation: Situation): Stamp {
  if (situation !== 'merged') return STAMPS[situation];
  const there = into ? situationOf(into, now) : 'merged';
  return there === 'merged' ? STAMPS.checking : STAMPS[there];
}
