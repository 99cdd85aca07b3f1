import { Router } from 'express';
import { alternateLinks, topicAlternates } from '../feeds/forms.ts';
import type { Mentions, Place } from '../mentions/mentions.ts';
import type { Urls } from '../urls.ts';
import type { Rendered } from '../web/finished-page.ts';
import type { PageCache } from '../web/page-cache.ts';
import { searchOf } from '../web/search-of.ts';
import type { Views } from '../web/views.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { directoryPage } from './directory-page.ts';
import { discoveryHeaders } from './discovery.ts';
import { readSlug, type Topic } from './topic.ts';
import { topicPage } from './topic-page.ts';
import type { Topics } from './topics.ts';

const PAGE_LENGTH = 50;
const MOST_NEARBY = 3;
const HTML = 'text/html; charset=utf-8';

export interface TopicRoutesNeeds {
  topics: Topics;
  mentions: Pick<Mentions, 'listed'>;
  views: Views;
  urls: Urls;
  cache: Pick<PageCache, 'moment' | 'serve'>;
  now: () => number;
}

/** The pages readers browse: the directory and each topic's list. */
export function topicRoutes({ topics, mentions, views, urls, cache, now }: TopicRoutesNeeds): Router {
  const router = Router();

  router.get('/', async (_request, response) => {
    const page = directoryPage({ topics: await topics.list(), now: now(), urls });
    response.set('Cache-Control', 'public, no-cache').type('html');
    for (const [name, value] of alternateLinks(page.alternates)) response.append(name, value);
    response.send(views.page('directory', page));
  });

  router.get('/t/:slug', async (request, response, next) => {
    const moment = cache.moment();
    const slug = readSlug(request.params.slug);
    const topic = slug ? await topics.bySlug(slug) : null;
    if (!topic) return next();
    const before = request.query['before'];
    if (request.path !== `/t/${topic.slug}`) {
      return response.redirect(308, urls.topic(topic.slug) + searchOf(request));
    }
    if (before !== undefined) {
      const place = typeof before === 'string' ? readCursor(before) : null;
      if (!place) return next();
      response
        .set('Cache-Control', 'public, no-cache')
        .type('html')
        .send(await render(topic, place, []));
      return;
    }
    const beside = topic.posts === 0 ? await nearby(topic) : [];
    await cache.serve(request, response, {
      address: request.baseUrl + request.path,
      moment,
      // Read with the topic, before the list.
      edition: {
        owner: topic.id,
        version: topic.version,
        ...(beside.length === 0
          ? {}
          : { beside: beside.map(other => `+${other.id}.${other.version}`).join('') }),
      },
      render: () => newest(topic, beside),
    });
  });

  async function newest(topic: Topic, beside: Topic[]): Promise<Rendered> {
    const headers = [...discoveryHeaders(urls), ...alternateLinks(topicAlternates(topic, urls))];
    if (topic.posts === 0) headers.push(['X-Robots-Tag', 'noindex']);
    const changedAt = Math.max(topic.changedAt, ...beside.map(other => other.changedAt));
    return { type: HTML, body: await render(topic, null, beside), changedAt, headers, byQuery: true };
  }

  /** One page of the list: the newest entries, or those behind a place. */
  async function render(topic: Topic, place: Place | null, beside: Topic[]): Promise<string> {
    const found = await mentions.listed(topic.id, PAGE_LENGTH + 1, place ?? undefined);
    const entries = found.slice(0, PAGE_LENGTH);
    const last = entries.at(-1);
    const next = found[PAGE_LENGTH];
    const page = topicPage({
      topic,
      entries,
      older: next && last ? { href: urls.older(topic.slug, cursorAfter(last)), from: next.listedAt } : null,
      first: place === null,
      nearby: beside,
      urls,
    });
    return views.page('topic', page);
  }

  async function nearby(topic: Topic): Promise<Topic[]> {
    const others = (await topics.list()).filter(other => other.id !== topic.id && other.posts > 0);
    return others.sort((a, b) => (b.lastListedAt ?? 0) - (a.lastListedAt ?? 0)).slice(0, MOST_NEARBY);
  }

  return router;
}
