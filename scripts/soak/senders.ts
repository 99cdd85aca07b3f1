import { setTimeout as pause } from 'node:timers/promises';
import { type Chance, chanceOf } from './chance.ts';
import { DOORS, type Door, sendThrough } from './doors.ts';
import type { Ledger, Outcome } from './ledger.ts';
import { MOST_OF_PAIR } from './limits.ts';
import type { Member } from './member.ts';
import { newPost, otherSpelling, type Post } from './posts.ts';

/** A blog writes its next post within this time. */
const LONGEST_THOUGHT_MS = 600;
/** A person sends a ping again that was not taken, so often and after so long. */
const MOST_TRIES = 20;
const AGAIN_MS = [200, 1_500] as const;
/** WordPress pings again whenever a post is edited. */
const REPEATS = 0.15;
/** Some software runs wild: so many pings of one post at once, of which most must be turned away. */
const FLOODS = 0.01;
const FLOOD = 3 * MOST_OF_PAIR;
/** Until the death of the process that was asked is known. */
const DEATH_KNOWN_MS = 250;

/** What the senders need: whom to ping, whose posts, and where to note it. */
export interface SendersNeeds {
  count: number;
  seed: number;
  webs: readonly Member[];
  blogs: readonly string[];
  ledger: Ledger;
}

/** Blogs at work. */
export interface Senders {
  /** Lets them end what they began; resolves when each has. */
  finish: () => Promise<void>;
  /** Ends them as soon as the answers under way are in. */
  giveUp: () => void;
}

/** Blogs that ping side by side through all doors, each post until it is taken. */
export function startSenders({ count, seed, webs, blogs, ledger }: SendersNeeds): Senders {
  let over = false;
  let tries = MOST_TRIES;
  let lastId = 0;
  const done = Promise.all(Array.from({ length: count }, (_, number) => blog(chanceOf(seed + 1 + number))));

  async function blog(chance: Chance): Promise<void> {
    const mine: Post[] = [];
    while (!over) {
      const repeated = mine.length > 0 && chance.happens(REPEATS);
      const post = repeated ? chance.pick(mine) : newPost(++lastId, blogs, chance);
      if (!repeated) mine.push(post);
      if (!repeated && chance.happens(FLOODS)) await flood(post, chance);
      // Some software sends everything twice at once.
      const copies = chance.happens(0.05) ? 2 : 1;
      await Promise.all(Array.from({ length: copies }, () => sendUntilTaken(post, chance)));
      if (!over) await pause(chance.between(0, LONGEST_THOUGHT_MS));
    }
  }

  async function sendUntilTaken(post: Post, chance: Chance): Promise<void> {
    const url = otherSpelling(post, chance);
    for (let tried = 0; tried < tries; tried++) {
      const web = await anyWeb(chance);
      if (web && (await send(web, chance.pick(DOORS), post, url)) === 'acknowledged') return;
      await pause(chance.between(...AGAIN_MS));
    }
  }

  /** A post that was never sent before, so that its window begins now; a process counts for itself where it must. */
  async function flood(post: Post, chance: Chance): Promise<void> {
    const web = await anyWeb(chance);
    if (!web) return;
    const door = chance.pick(DOORS);
    const outcomes = await Promise.all(Array.from({ length: FLOOD }, () => send(web, door, post, post.url)));
    const taken = outcomes.filter(outcome => outcome === 'acknowledged').length;
    ledger.floods.sent++;
    if (taken > 2 * MOST_OF_PAIR) ledger.floods.letPass.push(`${post.url}: ${taken} through the ${door}`);
  }

  /** One that listens; null when none does for a while. */
  async function anyWeb(chance: Chance): Promise<Member | null> {
    for (let waited = 0; waited < 100; waited++) {
      const up = webs.filter(web => web.address() !== null);
      if (up.length > 0) return chance.pick(up);
      await pause(20);
    }
    return null;
  }

  async function send(web: Member, door: Door, post: Post, url: string): Promise<Outcome> {
    const from = performance.now();
    const answered = await sendThrough(door, String(web.address()), post, url).catch((error: Error) => ({
      outcome: 'unanswered' as const,
      words: error.message,
      receipt: null,
    }));
    const to = performance.now();
    if (answered.outcome === 'unanswered') await pause(DEATH_KNOWN_MS);
    ledger.note({ post, ...answered, from, to, lived: web.undisturbedSince(from) });
    return answered.outcome;
  }

  return {
    async finish() {
      over = true;
      await done;
    },
    giveUp() {
      over = true;
      tries = 0;
    },
  };
}
