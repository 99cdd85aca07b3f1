import type { PageQuote } from '../mentions/mention.ts';
import { distance } from './distance.ts';
import { type HubLink, hostOfKey } from './find-link.ts';
import type { Instead, Wanted } from './hop.ts';
import { lazily } from './lazily.ts';
import { textRoundLink } from './round-link.ts';
import type { Walked } from './walk-page.ts';
import { writtenAddresses } from './written-addresses.ts';

/** What a page is asked when it does not link to a topic. */
export interface MissNeeds {
  walked: Pick<Walked, 'text'>;
  html: string;
  /** What `findLinks` found on this hub's hosts. */
  links: ReadonlyMap<string, HubLink>;
  hubKeys: readonly string[];
  /** How many of the wanted have no link. */
  unlinked: number;
}

/** How many links to this hub are looked at for a topic, and how many of them are passed on. */
const MOST_LINKS = 200;
const MOST_PASSED_ON = 10;
/** How often addresses are measured in all, which is the share of each topic when many are wanted at once. */
const MOST_MEASURED = 2_000;

/** An address is near when at most a quarter of the other one's letters are wrong; two always may be. */
const NEAR = { part: 4, always: 2 };

/**
 * What comes near on a page that does not link to a topic; worked out only for such pages, once for all of their
 * topics as far as it goes. Which link leads to another topic the worker's thread knows.
 */
export function createNearMisses({ walked, html, links, hubKeys, unlinked }: MissNeeds) {
  const homes = hubKeys.map(key => key.toLowerCase());
  const hosts = new Set(hubKeys.map(hostOfKey));
  const toHub: HubLink[] = [];
  let frontPage: HubLink | null = null;
  for (const link of links.values()) {
    if (toHub.length === MOST_LINKS) break;
    const [key] = link.key.toLowerCase().split('?', 1) as [string];
    if (homes.includes(key)) frontPage ??= link;
    else if (homes.some(home => key.startsWith(`${home}/`))) toHub.push(link);
  }
  const quotes = new Map<HubLink, PageQuote>();
  const inText = lazily(() => writtenAddresses(walked.text, hosts));
  const inSource = lazily(() => writtenAddresses(html, hosts, { html: true }));

  function quote(link: HubLink): PageQuote {
    const known = quotes.get(link) ?? {
      address: link.address,
      sentence: textRoundLink(walked.text, link.textAt),
    };
    quotes.set(link, known);
    return known;
  }

  /** The links whose path is nearest to one of the topic's, the nearest first. */
  function nearest(paths: string[]) {
    const share = Math.ceil(MOST_MEASURED / (unlinked * Math.max(1, paths.length)));
    return toHub
      .slice(0, share)
      .map(link => ({ link, ...howNear(pathOf(link.key), paths) }))
      .sort((a, b) => a.away - b.away)
      .slice(0, MOST_PASSED_ON);
  }

  return ({ targets }: Pick<Wanted, 'targets'>): Instead => {
    const keys = targets.map(target => target.key);
    const bare = keys.map(key => inText().get(key)).find(one => one !== undefined);
    const hidden = bare ?? keys.map(key => inSource().get(key)).find(one => one !== undefined);
    return {
      links: nearest([...new Set(keys.map(pathOf))]).map(({ link, near }) => ({
        key: link.key,
        near,
        ...quote(link),
      })),
      frontPage: frontPage && quote(frontPage),
      bare: bare ? { address: bare.address, sentence: textRoundLink(walked.text, bare.at) } : null,
      hidden: hidden ? { address: hidden.address, sentence: null } : null,
    };
  };
}

/**
 * Letter case aside, how many letters lie between a path and the nearest of some others. Whatever was put behind
 * a whole one counts as a single letter.
 */
function howNear(path: string, others: string[]): { away: number; near: boolean } {
  let away = Number.POSITIVE_INFINITY;
  let near = false;
  for (const other of others) {
    const letters = path.startsWith(other) ? Number(path.length > other.length) : distance(path, other);
    near ||= letters <= Math.max(NEAR.always, Math.floor(other.length / NEAR.part));
    away = Math.min(away, letters);
  }
  return { away, near };
}

/** What follows the host, so that it does not matter under which of its names the hub is linked to. */
function pathOf(key: string): string {
  return key.slice(hostOfKey(key).length).toLowerCase();
}
