import type { Mention, NearMiss } from '../mentions/mention.ts';
import { type ShownAddress, topicAddresses } from '../topics/addresses.ts';
import { dateAndTime, timeToSecond } from '../web/helpers.ts';
import type { Known } from './explained.ts';
import { isRead, type Unread } from './fetched.ts';
import { BETWEEN_LOOKS_MS, isOwed, latestLook, type Situation, waitsFor } from './lately.ts';
import { type Said, say, together } from './say.ts';

/** What the author can do, and what we do by ourselves. */
export interface Next {
  heading: string;
  /** Whether something has to be done: then it stands on a slip. */
  urgent: boolean;
  text: Said;
  /** What to do, in order; the topic's address where it has to be put somewhere. */
  todo: { text: Said; address: ShownAddress | null }[];
  button: string | null;
  /** The topic that the post links to, where it could be listed as it is. */
  elsewhere: { title: string; slug: string } | null;
  /** When we look again by ourselves. */
  nextLook: Said;
}

type Wanted = 'mend' | 'reread' | 'nothing';

/** What there is to do: something to mend, a listing that may be wrong, or nothing. */
const WANTED: Readonly<Record<Situation, Wanted>> = {
  checking: 'nothing',
  'trying-again': 'mend',
  listed: 'reread',
  held: 'reread',
  junk: 'nothing',
  unlinked: 'mend',
  unreachable: 'mend',
  merged: 'nothing',
  withdrawn: 'mend',
  removed: 'nothing',
};

/** Whether pressing the button makes sense; while a look is owed, it is pressed already. */
export function mayAsk(situation: Situation): boolean {
  return WANTED[situation] !== 'nothing';
}

/** What to mend in a post without the link, by how near it came; whether the topic's address goes with it. */
const MEND: Readonly<Record<NearMiss['kind'], Said>> = {
  differs: say`Change that link in your post, and save:`,
  'other-topic': say`If the post belongs here, link to this topic, and save:`,
  'front-page': say`Change that link in your post, and save:`,
  'not-a-link': say`Make the address in your post a link, and save:`,
  hidden: say`Put the link where readers see it, and save:`,
  elsewhere: say`In your post, link to the topic, and save:`,
  'no-links': say`Put the link into the HTML of the page, and save:`,
};

/** What to mend where the post could not be read. */
const MEND_PAGE: Readonly<Record<Unread | 'moved', Said>> = {
  dns: say`Compare the address with the one your readers see. If it is right, the name of the server has to be put in order.`,
  'not-public': say`Publish the post where everybody can read it, and ping with that address.`,
  connect: say`See that your blog can be reached from elsewhere.`,
  tls: say`Have the certificate of your blog renewed.`,
  timeout: say`See that your blog answers within a few seconds.`,
  status: say`Open the address where you are not signed in to your blog, and see that the post is there.`,
  redirects: say`Ping with the address your readers see.`,
  'broken-answer': say`See that the post opens in a browser.`,
  'broke-reader': say`Make the page of the post simpler or shorter.`,
  interrupted: say`There is nothing wrong with your post that we know of.`,
  moved: say`Ping with the address your readers see.`,
  gone: say`Publish the post again at this address.`,
  'not-html': say`Ping with the address of the web page that your post is on.`,
};

/** What is said under the steps. */
export function nextOf(known: Known, situation: Situation): Next {
  const { topic, mention, now, urls, otherTopic } = known;
  const wanted = isOwed(mention, now) ? 'nothing' : WANTED[situation];
  const nothing = {
    heading: '',
    urgent: false,
    text: [],
    todo: [],
    button: null,
    elsewhere: null,
    nextLook: nextLook(known, situation),
  };
  if (wanted === 'nothing') return nothing;
  if (wanted === 'reread') {
    return {
      ...nothing,
      ...REREAD[situation === 'listed' ? 'listed' : 'held'],
      button: 'Read my post again',
    };
  }
  const look = latestLook(mention);
  const address = topicAddresses(topic.slug, urls).page;
  const first =
    look && (look.saw === 'moved' || !isRead(look.saw))
      ? { text: MEND_PAGE[look.saw], address: null }
      : { text: MEND[look?.evidence?.miss?.kind ?? 'elsewhere'], address };
  return {
    ...nothing,
    heading: 'What to do now',
    urgent: true,
    todo: [first, { text: say`Press the button. You do not have to ping again.`, address: null }],
    button: 'Check my post again',
    elsewhere: otherTopic && { title: otherTopic.title, slug: otherTopic.slug },
  };
}

const REREAD: Readonly<Record<'listed' | 'held', Pick<Next, 'heading' | 'text'>>> = {
  listed: {
    heading: 'Something wrong with the listing?',
    text: say`We took title and excerpt from your post. Edit the post, then have us read it again. To be unlisted, remove the link or delete the post; we look again after a day, a week, then every month.`,
  },
  held: {
    heading: 'Something wrong?',
    text: say`Edit your post, then have us read it again. To withdraw it, take the link out of your post first; only the owner of a post can do that, so no password is needed.`,
  },
};

const BY_OURSELVES: Readonly<Record<Situation, string>> = {
  checking: '',
  'trying-again': 'We also try again by ourselves.',
  listed: '',
  held: '',
  junk: '',
  unlinked: 'We also look again by ourselves, 5 minutes, 1 hour and 24 hours after the ping.',
  unreachable: 'We also look again by ourselves.',
  merged: '',
  withdrawn: 'We also look again by ourselves, every 30 days.',
  removed: '',
};

/** Read from the same record as status and steps, so that they never disagree. */
function nextLook(known: Known, situation: Situation): Said {
  const { mention, now } = known;
  const { due } = mention;
  if (waitsFor(known) === 'turn') return say`The next look comes in its turn.`;
  if (due !== null && due <= now) return say`The next look is now.`;
  if (due !== null) return together(say`${BY_OURSELVES[situation]}`, say`Next look: ${dateAndTime(due)}.`);
  return WANTED[situation] === 'mend' ? say`We do not look again by ourselves.` : [];
}

/**
 * Why the button was of no use just now: the post was looked at, or its site wants to be left alone; it may be looked
 * at again at `at`.
 */
export function tooSoon({ rest }: Pick<Mention, 'rest'>, at: number): Said {
  if (rest?.allUntil === at) {
    return say`Your blog asked us to wait. The post can be checked again from ${dateAndTime(at)} on.`;
  }
  const lookedAt = at - BETWEEN_LOOKS_MS;
  return say`We looked at this post at ${timeToSecond(lookedAt)}. It can be checked again from ${timeToSecond(at)} on.`;
}
