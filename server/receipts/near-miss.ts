import type { Met, NearMiss, PageQuote } from '../mentions/mention.ts';
import { topicAddresses } from '../topics/addresses.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import { type Marked, markDifference, nearestOf } from './difference.ts';
import { nameLink, type Said, say, together } from './say.ts';

/** One line of what we found on the page: an address of ours or theirs, or the words round it. */
export interface FoundRow {
  term: string;
  address: Marked | null;
  sentence: string | null;
}

/** What is said of the link, and the evidence for it. */
export interface LinkWords {
  text: Said;
  rows: FoundRow[];
}

export interface MissNeeds {
  topic: Topic;
  /** The topic that the post links to instead; null when that is not the case, or the topic is gone. */
  otherTopic: Topic | null;
  urls: Urls;
}

const BETTER: Readonly<Record<NonNullable<Met['link']>['to'], Said>> = {
  page: [],
  'ping-address': say`Your post links to the ping address. It counts, but readers are better served by the address without /trackback.`,
  feed: say`Your post links to the feed. It counts, but readers are better served by the address of the topic page.`,
  receipt: say`Your post links to its receipt. It counts, but readers are better served by the address of the topic page.`,
};

/** What is said of a link that counts. */
export function foundLink({ link, links }: Met): LinkWords {
  if (!link) return { text: [], rows: [] };
  const count = links === null || links < 2 ? [] : say`It is one of ${String(links)} links in the post.`;
  return { text: together(BETTER[link.to], count), rows: [...sentence(link)] };
}

/** What is said of a page without the link, and how near it came. */
export function nearMissWords({ miss, links }: Met, needs: MissNeeds): LinkWords {
  return miss ? words(miss, links, needs) : { text: noneOf(links, 'this topic'), rows: [] };
}

function words(miss: NearMiss, links: number | null, needs: MissNeeds): LinkWords {
  switch (miss.kind) {
    case 'differs':
      return differs(miss, links, needs);
    case 'other-topic':
      return { text: otherTopic(needs), rows: quote(miss) };
    case 'front-page':
      return {
        text: say`Your post links to the front page of the hub, not to the topic.`,
        rows: quote(miss),
      };
    case 'not-a-link':
      return {
        text: say`The address stands in the text but is not a link.`,
        rows: quote(miss, 'Your post says'),
      };
    case 'hidden':
      return { text: say`The link is there, but hidden from readers.`, rows: quote(miss) };
    case 'elsewhere':
      return { text: noneOf(links, 'this hub'), rows: [] };
    case 'no-links':
      return {
        text: say`We found no links in the HTML of this page. If it is built by JavaScript, we cannot see them.`,
        rows: [],
      };
  }
}

function differs(miss: PageQuote, links: number | null, { topic, urls }: MissNeeds): LinkWords {
  const { page, ping, feed } = topicAddresses(topic.slug, urls);
  const wanted = nearestOf([page.whole, ping.whole, feed.whole], miss.address);
  const marked = markDifference(wanted, miss.address);
  const short = marked.found.mark === '' && marked.wanted.mark.length === 1;
  return {
    text: together(
      noneOf(links, 'this topic'),
      short ? say`The nearest one is a letter short:` : say`The nearest one differs here:`,
    ),
    rows: [
      { term: 'We looked for', address: marked.wanted, sentence: null },
      { term: 'Your post links to', address: marked.found, sentence: null },
      ...sentence(miss),
    ],
  };
}

function otherTopic({ topic, otherTopic, urls }: MissNeeds): Said {
  const ours = nameLink(topic.title, urls.topic(topic.slug));
  if (!otherTopic) return say`Your post links to another topic, but the ping was for ${ours}.`;
  const theirs = nameLink(otherTopic.title, urls.topic(otherTopic.slug));
  return say`Your post links to ${theirs}, but the ping was for ${ours}.`;
}

function noneOf(links: number | null, what: string): Said {
  if (links === 1) return say`The one link in the post does not lead to ${what}.`;
  if (!links) return say`No link in the post leads to ${what}.`;
  return say`None of the ${String(links)} links in the post leads to ${what}.`;
}

function quote(quoted: PageQuote, term = 'Your post links to'): FoundRow[] {
  const address = { before: quoted.address, mark: '', after: '', words: null };
  return [{ term, address, sentence: null }, ...sentence(quoted)];
}

const sentence = ({ sentence }: PageQuote): FoundRow[] =>
  sentence === null ? [] : [{ term: 'In this sentence', address: null, sentence }];
