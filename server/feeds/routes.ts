import { Router } from 'express';
import type { Mentions } from '../mentions/mentions.ts';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import type { Rendered } from '../web/finished-page.ts';
import type { PageCache } from '../web/page-cache.ts';
import { FEED_LENGTH, topicFeed } from './feed.ts';
import { RSS_TYPE, renderRss } from './render-rss.ts';

export interface FeedRoutesNeeds {
  topics: Pick<Topics, 'bySlug'>;
  mentions: Pick<Mentions, 'listed'>;
  urls: Urls;
  siteName: string;
  cache: Pick<PageCache, 'moment' | 'serve'>;
}

/** The feeds of each topic. */
export function feedRoutes({ topics, mentions, urls, siteName, cache }: FeedRoutesNeeds): Router {
  const router = Router();

  router.get('/t/:slug.rss', async (request, response, next) => {
    const moment = cache.moment();
    const slug = readSlug(request.params.slug);
    const topic = slug ? await topics.bySlug(slug) : null;
    if (!topic) return next();
    if (request.path !== `/t/${topic.slug}.rss`) return response.redirect(308, urls.feed(topic.slug, 'rss'));
    await cache.serve(request, response, {
      address: request.baseUrl + request.path,
      moment,
      edition: { owner: topic.id, version: topic.version },
      render: () => rss(topic),
    });
  });

  async function rss(topic: Topic): Promise<Rendered> {
    const entries = await mentions.listed(topic.id, FEED_LENGTH);
    const feed = topicFeed({ topic, entries, form: 'rss', siteName, urls });
    return { type: RSS_TYPE, body: renderRss(feed), changedAt: topic.changedAt };
  }

  return router;
}
