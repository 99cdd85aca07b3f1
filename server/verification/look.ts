import type { Words } from '../mentions/mention.ts';
import type { FetchPage, PageAnswer } from '../net/fetch-page.ts';
import type { Permit } from '../net/permit.ts';
import { decodePage } from '../text/page-charset.ts';
import { bearsOut, foldText } from './bears-out.ts';
import { findLinks, type HubLink, hostOfKey } from './find-link.ts';
import type { Found, HopAnswer, HopRequest, Wanted } from './hop.ts';
import { lazily } from './lazily.ts';
import { createNearMisses } from './near-misses.ts';
import { readMeta } from './read-meta.ts';
import { readPage } from './read-page.ts';
import { mayQuote } from './robots.ts';
import { textRoundLink } from './round-link.ts';
import { walkPage } from './walk-page.ts';

/** What a look asks and tells the worker's thread. */
export interface LookTalk {
  /** The guard, asked for each connection of this look. */
  permit: Permit;
  /** Told which of the permitted addresses a connection went to. */
  reached: (address: string) => void;
  /** Told right before the processor is held until the answer. */
  reading: () => void;
}

/** Looks at one address. */
export type Look = (request: HopRequest, talk: LookTalk) => Promise<HopAnswer>;

export interface LookNeeds {
  fetchPage: FetchPage;
  now: () => number;
}

export type ReadAnswer = Extract<HopAnswer, { kind: 'page' }>;

/** Words of a page besides its visible text and its title. */
const ALSO_SAID = ['og:title', 'og:description', 'description', 'og:site_name', 'application-name'];

/**
 * How many letters are searched for the words of pings: those of a page as long as they come for five titles, excerpts and
 * names, of an ordinary one for hundreds. Of who sends more, each time others, the page's own words are shown.
 */
const MOST_SEARCHED = 5 * 1024 * 1024;

/** A look is a fetch and, when it brings a page, a reading. */
export function createLook({ fetchPage, now }: LookNeeds): Look {
  return async (request, { permit, reached, reading }) => {
    const { url, leftMs, forwardedFor } = request;
    const fetched = await fetchPage({ url, leftMs, permit, reached, forwardedFor });
    if (fetched.kind !== 'page') return fetched;
    reading();
    return readFetched(request, fetched, now());
  };
}

/** Everything that is done with a page once it is here; linear in its length, whatever it holds. */
export function readFetched(
  { url, wanted, hubKeys }: Pick<HopRequest, 'url' | 'wanted' | 'hubKeys'>,
  { status, bytes, contentType, robots }: PageAnswer,
  now: number,
): ReadAnswer {
  const { html, charset } = decodePage(bytes, contentType, url);
  const walked = walkPage(html);
  const meta = readMeta(walked.metaTags);
  const quotable = mayQuote({ tags: meta.robots, headers: robots });
  const keys = [...hubKeys, ...wanted.flatMap(one => one.targets.map(target => target.key))];
  const links = findLinks(walked, url, new Set(keys.map(hostOfKey)));
  const said = lazily(() =>
    foldText([walked.text, walked.title, ...ALSO_SAID.map(name => meta.get(name) ?? '')].join('\n')),
  );
  const borneOut = searching(said);

  const inAnyCase = lazily(
    () => new Map([...links].reverse().map(([key, link]) => [foldCase(key, hubKeys), link])),
  );
  const firstOf = (targets: Wanted['targets'], among: ReadonlyMap<string, HubLink>): Found['link'] => {
    for (const { key, to } of targets) {
      const link = among.get(key);
      if (link) return { to, address: link.address, sentence: textRoundLink(walked.text, link.textAt) };
    }
    return null;
  };
  const linkOf = ({ targets }: Wanted) => firstOf(targets, links) ?? firstOf(targets, inAnyCase());
  const linkOfEach = wanted.map(linkOf);
  const unlinked = linkOfEach.filter(link => link === null).length;
  const instead = unlinked > 0 ? createNearMisses({ walked, html, links, hubKeys, unlinked }) : () => null;

  const findOne = (one: Wanted, index: number): Found => {
    const { id, claim } = one;
    const link = linkOfEach[index] ?? null;
    const holds = (name: keyof Words) => claim[name] !== null && borneOut(claim[name]);
    return {
      id,
      link,
      instead: link ? null : instead(one),
      borneOut: { title: holds('title'), excerpt: holds('excerpt'), blogName: holds('blogName') },
    };
  };
  return {
    kind: 'page',
    status,
    bytes: bytes.length,
    links: walked.linkCount,
    page: readPage({ walked, meta, charset, quotable, now }),
    quotable,
    found: wanted.map(findOne),
  };
}

/** The hub takes its own addresses in any letter case, so a reader who follows such a link gets there. */
function foldCase(key: string, hubKeys: readonly string[]): string {
  const home = hubKeys.find(one => key.startsWith(`${one}/`));
  return home === undefined ? key : home + key.slice(home.length).toLowerCase();
}

/** One post claims the same words in every topic it pings; of other words only so many are looked for. */
function searching(said: () => string): (words: string) => boolean {
  const known = new Map<string, boolean>();
  let searched = 0;
  const search = (words: string) => {
    searched += said().length;
    if (searched > MOST_SEARCHED) return false;
    return bearsOut(words, said());
  };
  return words => {
    const answer = known.get(words) ?? search(words);
    known.set(words, answer);
    return answer;
  };
}
