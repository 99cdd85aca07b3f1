import { topicFeed } from '../feeds/feed.ts';
import { rssItem } from '../feeds/rss-item.ts';
import type { Listed } from '../mentions/mentions.ts';
import type { State } from '../receipts/explained.ts';
import { fetchedWords, isRead } from '../receipts/fetched.ts';
import { type FoundRow, foundLink, nearMissWords } from '../receipts/near-miss.ts';
import { nameLink, type Said, say } from '../receipts/say.ts';
import { type ShownAddress, topicAddresses } from '../topics/addresses.ts';
import { byDay, type Day } from '../topics/entries.ts';
import type { Topic } from '../topics/topic.ts';
import type { Urls } from '../urls.ts';
import type { DryRun } from '../verification/dry-run.ts';
import { langOf } from '../web/helpers.ts';

/** What a dry run came to, as the page shows it. */
export interface ShownPreview {
  heading: Said;
  /** What is done about it, nothing of it being recorded. */
  next: Said;
  /** Where the link has to lead, when it is missing. */
  wanted: ShownAddress | null;
  steps: ShownStep[];
  /** The post as readers would see it; null when it would not be listed. */
  listed: { day: Day; rss: string } | null;
}

/** As `views/partials/steps.hbs` shows the steps of a ping; these have no time of their own. */
interface ShownStep {
  name: string;
  state: State;
  word: string;
  text: Said;
  rows: FoundRow[];
  lang: string | null;
  time: null;
}

export interface PreviewNeeds {
  source: string;
  topic: Topic;
  /** All topics, for the name of the one that the post links to instead. */
  topics: readonly Topic[];
  siteName: string;
  now: number;
  urls: Urls;
}

/** Puts a dry run into the words that a receipt would use, and the post into the forms that readers get. */
export function shownPreview({ seen, evidence }: DryRun, needs: PreviewNeeds): ShownPreview {
  const { topic, urls, source } = needs;
  const name = nameLink(topic.title, urls.topic(topic.slug));
  const lang = seen.saw === 'linked' ? langOf(seen.page.language) : null;
  const about = { lang, time: null };
  const read = isRead(seen.saw);
  const status = evidence.status === null ? {} : { status: evidence.status };
  const fetched: ShownStep = {
    ...about,
    name: 'Post fetched',
    state: read ? 'ok' : 'stop',
    word: read ? 'Done' : 'Failed',
    text:
      seen.saw === 'broke-reader'
        ? say`The page is built in a way that stops our reader.`
        : fetchedWords({ sourceUrl: source }, { saw: seen.saw, ...status, evidence }),
    rows: [],
  };
  const linkStep = { ...about, name: 'Link to the topic' };
  if (seen.saw === 'linked') {
    return {
      heading: say`Your post would be on ${name}`,
      next: say`Nothing is recorded so far. Press “Submit the post” to have it listed.`,
      wanted: null,
      steps: [fetched, { ...linkStep, state: 'ok', word: 'Found', ...foundLink(evidence) }],
      listed: readersSee(seen, needs),
    };
  }
  if (seen.saw === 'no-link') {
    const missed = nearMissWords(evidence, { topic, otherTopic: otherTopic({ evidence }, needs), urls });
    return {
      heading: say`We read your post, but it does not link to ${name}`,
      next: say`Nothing was recorded. Put a link to this address into the post, save it, and press “Preview” again:`,
      wanted: topicAddresses(topic.slug, urls).page,
      steps: [fetched, { ...linkStep, state: 'stop', word: 'Not found', ...missed }],
      listed: null,
    };
  }
  return {
    heading: say`We could not read your post`,
    next: say`Nothing was recorded. Correct the address, or see that the post is there, and press “Preview” again.`,
    wanted: null,
    steps: [fetched, { ...linkStep, state: 'none', word: 'Not reached', text: [], rows: [] }],
    listed: null,
  };
}

function otherTopic({ evidence }: Pick<DryRun, 'evidence'>, { topics }: PreviewNeeds): Topic | null {
  const { miss } = evidence;
  if (miss?.kind !== 'other-topic') return null;
  return topics.find(topic => topic.id === miss.topicId) ?? null;
}

function readersSee(
  { finalUrl, finalKey, site, page, shown }: Extract<DryRun['seen'], { saw: 'linked' }>,
  { topic, siteName, now, urls }: PreviewNeeds,
): ShownPreview['listed'] {
  const { author, published } = page;
  const post: Listed = {
    id: 'preview',
    url: finalUrl,
    listedKey: finalKey,
    site,
    shown,
    doors: ['form'],
    listedAt: now,
    author,
    published,
  };
  const [day] = byDay([post], { receipt: () => '' });
  const feed = topicFeed({ topic, entries: [post], form: 'rss', siteName, urls });
  return day ? { day, rss: rssItem(feed) } : null;
}
