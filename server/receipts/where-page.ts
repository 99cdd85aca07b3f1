import type { Refusal } from '../mentions/mention.ts';
import type { RefusalCount } from '../mentions/refusals.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { PageModel } from '../web/views.ts';
import type { Explained } from './explain.ts';
import { FIELD_PROBLEMS } from './post-address.ts';
import { type ShownRefusal, shownRefusals } from './refused.ts';
import { type ShownOutcome, shownOutcome } from './shown.ts';

/** More topics than that are listed only, each with its receipt. */
const MOST_IN_FULL = 10;

export interface WherePage extends PageModel {
  action: string;
  typed: string;
  problem: { words: string; field: 'url' | 'topic' | 'again' } | null;
  /** The same words at the field. */
  urlProblem: string | null;
  topicProblem: string | null;
  /** The word over all of it; null where several pings have words of their own. */
  stamp: { word: string; state: string } | null;
  list: { topic: string; word: string; href: string }[];
  outcomes: ShownOutcome[];
  refusals: ShownRefusal[];
  /** Nothing is known of this address, so it can be given to us here. */
  unknown: { source: string; topics: { slug: string; title: string; chosen: boolean }[] } | null;
  /** The hub could not take it, so it can be given to us again as it is. */
  again: { source: string; topic: string } | null;
}

/** What was asked for, and everything we know of it. */
export interface Asked {
  /** As it stands in the field; null when nothing was asked yet. */
  typed: string | null;
  problem: Refusal | null;
  explained: readonly Explained[];
  refusals: readonly RefusalCount[];
  topics: readonly Topic[];
  /** The slug that was chosen for an address we do not know. */
  chosen: string;
  urls: Urls;
}

const TITLE = 'Where is my ping?';

/** "Where is my ping?": the question, and every ping of one post through any door. */
export function wherePage(asked: Asked): WherePage {
  const { typed, problem, explained, refusals, topics, chosen, urls } = asked;
  const known = explained.length > 0 || refusals.length > 0;
  const unknown = typed !== null && !known && (problem === null || problem === 'unknown-topic');
  const stamp = known ? stampOf(explained) : unknown ? NO_PING : null;
  const ours = problem === 'store-away' || problem === 'busy';
  const again = ours && typed !== null && chosen !== '' ? { source: typed, topic: chosen } : null;
  // Only who gave us an address we do not know was asked for a topic.
  const field = again ? 'again' : problem === 'unknown-topic' && unknown ? 'topic' : 'url';
  const result = stamp ? ` ${stamp.word}` : '';
  return {
    title: problem ? `Error: ${TITLE}` : TITLE + result,
    noindex: typed !== null,
    current: 'where',
    action: urls.path(urls.where),
    typed: typed ?? '',
    problem: problem && { words: FIELD_PROBLEMS[problem], field },
    urlProblem: problem && field === 'url' ? FIELD_PROBLEMS[problem] : null,
    topicProblem: problem && field === 'topic' ? FIELD_PROBLEMS[problem] : null,
    stamp,
    list: explained.length < 2 ? [] : explained.map((one, index) => listRow(one, index)),
    outcomes: explained.slice(0, MOST_IN_FULL).map(shownOutcome),
    refusals: shownRefusals(refusals, id => topics.find(topic => topic.id === id), urls),
    unknown: unknown
      ? {
          source: typed,
          topics: topics.map(({ slug, title }) => ({ slug, title, chosen: slug === chosen })),
        }
      : null,
    again,
  };
}

const NO_PING = { word: 'No ping received', state: 'none' };
const TURNED_AWAY = { word: 'Not listed', state: 'stop' };

/** The stamp is there once on a page at most. */
function stampOf(explained: readonly Explained[]): WherePage['stamp'] {
  const [first, second] = explained;
  if (second) return null;
  return first ? first.stamp : TURNED_AWAY;
}

function listRow({ known, stamp }: Explained, index: number): WherePage['list'][number] {
  const { mention, topic, urls } = known;
  const href = index < MOST_IN_FULL ? `#p${mention.id}` : urls.receipt(mention.id);
  return { topic: topic.title, word: stamp.word, href };
}
