import { type Request, type Response, Router } from 'express';
import type { Mentions } from '../mentions/mentions.ts';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import type { FeedForm, Urls } from '../urls.ts';
import type { Rendered } from '../web/finished-page.ts';
import type { PageCache } from '../web/page-cache.ts';
import type { Views } from '../web/views.ts';
import { type Choice, editionOf, readChoice } from './choice.ts';
import { FEED_LENGTH, hubFeed, topicFeed } from './feed.ts';
import { type FollowPage, followEverythingPage, followTopicPage } from './follow-page.ts';
import { alternateLinks, FORMS } from './forms.ts';
import { noSuchTopicPage } from './no-such-topic-page.ts';
import { renderFeed } from './render.ts';

export interface FeedRoutesNeeds {
  topics: Pick<Topics, 'bySlug' | 'list'>;
  mentions: Pick<Mentions, 'listed' | 'latest'>;
  views: Views;
  urls: Urls;
  siteName: string;
  cache: Pick<PageCache, 'moment' | 'serve'>;
  /** For the feeds that readers put together. */
  chosen: Pick<PageCache, 'serve'>;
  now: () => number;
}

/** The feeds of each topic and over all of them, in every form, and the pages that tell people of them. */
export function feedRoutes(needs: FeedRoutesNeeds): Router {
  const { topics, mentions, views, urls, siteName, cache, chosen, now } = needs;
  const router = Router();

  for (const { form } of FORMS) {
    router.get(`/t/:slug.${form}`, async (request, response, next) => {
      const moment = cache.moment();
      const topic = await topicAt(request.params.slug);
      if (!topic) return next();
      if (request.path !== `/t/${topic.slug}.${form}`)
        return response.redirect(308, urls.feed(topic.slug, form));
      await cache.serve(request, response, {
        address: request.baseUrl + request.path,
        moment,
        edition: { owner: topic.id, version: topic.version },
        render: () => ofTopic(topic, form),
      });
    });

    router.get(`/feed.${form}`, async (request, response) => {
      const moment = cache.moment();
      const all = await topics.list();
      const choice = readChoice(request.query, all);
      if ('missing' in choice) return lost(response, choice.missing, all);
      if (request.path !== `/feed.${form}` || !isAskedBy(request, choice))
        return response.redirect(308, urls.hubFeed(form, choice.search));
      await (choice.search === '' ? cache : chosen).serve(request, response, {
        address: request.baseUrl + request.path + choice.search,
        moment,
        edition: editionOf(choice),
        render: () => ofChoice(choice, form),
      });
    });
  }

  router.get('/follow', async (request, response) => {
    if (request.path !== '/follow') return response.redirect(308, urls.follow);
    show(response, followEverythingPage({ topics: await topics.list(), now: now(), urls }));
  });

  router.get('/t/:slug/follow', async (request, response, next) => {
    const topic = await topicAt(request.params.slug);
    if (!topic) return next();
    if (request.path !== `/t/${topic.slug}/follow`)
      return response.redirect(308, urls.followTopic(topic.slug));
    show(response, followTopicPage({ topic, topics: await topics.list(), now: now(), urls }));
  });

  async function topicAt(text: string): Promise<Topic | null> {
    const slug = readSlug(text);
    return slug ? topics.bySlug(slug) : null;
  }

  async function ofTopic(topic: Topic, form: FeedForm): Promise<Rendered> {
    const entries = await mentions.listed(topic.id, FEED_LENGTH);
    return renderFeed(topicFeed({ topic, entries, form, siteName, urls }), form);
  }

  async function ofChoice(choice: Choice, form: FeedForm): Promise<Rendered> {
    const ids = choice.topics.map(topic => topic.id);
    const posts = await mentions.latest(ids, FEED_LENGTH);
    return { ...renderFeed(hubFeed({ choice, posts, form, siteName, urls }), form), byQuery: true };
  }

  function lost(response: Response, missing: string[], all: Topic[]): void {
    response.status(404).set('X-Robots-Tag', 'noindex').set('Cache-Control', 'no-store').type('html');
    response.send(views.page('no-such-topic', noSuchTopicPage({ missing, topics: all, urls })));
  }

  function show(response: Response, page: FollowPage): void {
    response.set('Cache-Control', 'public, no-cache').type('html');
    for (const [name, value] of alternateLinks(page.alternates)) response.append(name, value);
    response.send(views.page('follow', page));
  }

  return router;
}

/** Whether a query asks for this choice in the one way that is kept; anything else in it is not our business. */
function isAskedBy({ query }: Request, { search }: Choice): boolean {
  const asked = ['in', 'not'].filter(name => query[name] !== undefined).map(name => `${name}=${query[name]}`);
  return asked.join('&') === search.slice(1);
}
