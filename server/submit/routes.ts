import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Logger } from 'pino';
import { secondsOf } from '../mentions/limits.ts';
import type { Refusal } from '../mentions/mention.ts';
import type { Mentions } from '../mentions/mentions.ts';
import type { Receive } from '../mentions/receive.ts';
import { readSource, type SourceRules } from '../mentions/source-key.ts';
import { StoreAway } from '../storage/storage.ts';
import { readSlug, type Topic } from '../topics/topic.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import type { TryLook } from '../verification/dry-run.ts';
import type { CameWith } from '../web/arrivals.ts';
import { isFromElsewhere } from '../web/from-elsewhere.ts';
import { bytesOf, isHangUp, pingBody, refusalOfBody } from '../web/ping-body.ts';
import type { LimitSender } from '../web/rate-limit.ts';
import { searchOf } from '../web/search-of.ts';
import type { TooMany } from '../web/too-many-page.ts';
import type { Views } from '../web/views.ts';
import { atMost } from './at-most.ts';
import { howToPingPage } from './how-to-ping-page.ts';
import { shownPreview } from './preview.ts';
import { NO_PREVIEW_NOW, NOT_TAKEN, type Problem, problemsOf, visitedLately } from './problems.ts';
import { readForm, readPrefill, type Typed } from './read-form.ts';
import { submitPage } from './submit-page.ts';
import { createTakenDown } from './taken-down.ts';

const MOST_BYTES = 64 * 1024;
/** A preview has us fetch a page for whoever asks. */
const MOST_PREVIEWS = 8;
/** In seconds: a preview is over much sooner than a queue. */
const PREVIEW_RETRY_AFTER = 10;
const NOTHING: Typed = { url: '', topic: '' };

export interface SubmitRoutesNeeds {
  limitSender: LimitSender;
  cameWith: CameWith;
  tooMany: TooMany;
  receive: Receive;
  tryLook: TryLook;
  topics: Pick<Topics, 'list' | 'bySlug'>;
  mentions: Pick<Mentions, 'find' | 'ofPost'>;
  rules: SourceRules;
  views: Views;
  urls: Urls;
  /** The hub under all its base addresses. */
  sites: readonly Pick<Urls, 'origin' | 'topic'>[];
  siteName: string;
  now: () => number;
  log: Logger;
}

/** The door for people: the form for a post, its dry run, and the page that says how to do without. */
export function submitRoutes(needs: SubmitRoutesNeeds): Router {
  const { receive, tryLook, topics, rules, limitSender, cameWith, tooMany } = needs;
  const { views, urls, sites, siteName, now, log } = needs;
  const router = Router();
  const inTurn = atMost(MOST_PREVIEWS);
  const takenDown = createTakenDown(needs.mentions);

  router.get('/submit', async (request, response) => {
    if (request.path !== '/submit') return response.redirect(308, urls.submit + searchOf(request));
    const page = submitPage({ typed: readPrefill(request.query), topics: await topics.list() });
    response.set('Cache-Control', 'public, no-cache').type('html').send(views.page('submit', page));
  });

  router.get('/how-to-ping', async (request, response) => {
    if (request.path !== '/how-to-ping') return response.redirect(308, urls.howToPing + searchOf(request));
    const { topic } = readPrefill(request.query);
    const page = howToPingPage({ topics: await topics.list(), chosen: topic, urls });
    response.set('Cache-Control', 'public, no-cache').type('html').send(views.page('how-to-ping', page));
  });

  const limited = limitSender('form', (response, over) => tooMany(response, over, null));
  router.post('/submit', limited, pingBody(MOST_BYTES), async (request, response) => {
    const form = readForm(bytesOf(request), request.headers['content-type']);
    if (typeof form === 'string') return refuseUnread(request, response, form);
    if (isFromElsewhere(request.headers, sites)) return askOnceMore(response, form);
    const came = cameWith(request);
    return form.preview ? preview(response, form, came.sender) : submit(response, form, came);
  });

  /** A body that was not read: too large, compressed. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    const refusal = request.method === 'POST' && /^\/submit\/?$/i.test(request.path) && refusalOfBody(error);
    if (response.headersSent || isHangUp(error) || !refusal) return next(error);
    refuseUnread(request, response, refusal).catch(next);
  };
  router.use(trouble);

  async function submit(response: Response, typed: Typed, came: ReturnType<CameWith>): Promise<void> {
    const at = { topic: typed.topic, via: 'form', ...came } as const;
    const taken = await receive({ source: typed.url, words: {} }, at);
    if ('refusal' in taken && taken.over)
      return tooMany(response, taken.over, { address: typed.url, topic: taken.topic });
    if ('refusal' in taken) return refuse(response, typed, taken.refusal, taken.topic);
    response.redirect(303, urls.path(urls.receipt(taken.mention.id)));
  }

  /** As `submit`, but nothing is recorded: no ping, no refusal, and no look. */
  async function preview(response: Response, typed: Typed, sender: string | null): Promise<void> {
    try {
      const slug = readSlug(typed.topic);
      const topic = slug ? await topics.bySlug(slug) : null;
      if (!topic) return refuse(response, typed, 'unknown-topic', null);
      const source = readSource(typed.url, rules);
      if ('refusal' in source) return refuse(response, typed, source.refusal, topic);
      if (await takenDown.refused(topic.id, source.key)) return refuse(response, typed, 'removed', topic);
      const dryRun = await inTurn(() => tryLook(source, topic, sender));
      if (dryRun === 'busy')
        return sendProblems(response, typed, 'busy', [NO_PREVIEW_NOW], PREVIEW_RETRY_AFTER);
      if ('kind' in dryRun)
        return sendProblems(response, typed, 'busy', [visitedLately(source)], secondsOf(dryRun));
      const { seen } = dryRun;
      log.info({ topic: topic.slug, source: source.url.slice(0, 300), saw: seen.saw }, 'preview');
      if (seen.saw === 'linked' && (await takenDown.merged(topic.id, seen.finalKey))) {
        return refuse(response, typed, 'removed', topic);
      }
      const all = await topics.list();
      const shown = { source: source.url, topic, topics: all, siteName, now: now(), urls };
      const page = submitPage({ typed, topics: all, preview: shownPreview(dryRun, shown) });
      response.set('Cache-Control', 'no-store').type('html').send(views.page('submit', page));
    } catch (error) {
      if (!(error instanceof StoreAway)) throw error;
      log.error({ err: error }, 'a preview could not ask for its topic');
      await refuse(response, typed, 'store-away', null);
    }
  }

  /** A page of another site sent the form: a person shall see it here, filled in, before anything is done. */
  async function askOnceMore(response: Response, typed: Typed): Promise<void> {
    const page = submitPage({ typed, topics: await topics.list().catch(() => null) });
    response.set('Cache-Control', 'no-store').type('html').send(views.page('submit', page));
  }

  function refuse(response: Response, typed: Typed, refusal: Refusal, topic: Topic | null): Promise<void> {
    const problems = problemsOf(refusal, { url: typed.url, topic }, { rules, sites });
    return sendProblems(response, typed, refusal, problems);
  }

  async function refuseUnread(request: Request, response: Response, refusal: Refusal): Promise<void> {
    await receive(refusal, { topic: '', via: 'form', ...cameWith(request) });
    return refuse(response, NOTHING, refusal, null);
  }

  /** The form again, with all that was typed. */
  async function sendProblems(
    response: Response,
    typed: Typed,
    refusal: Refusal,
    problems: readonly Problem[],
    retryAfter = NOT_TAKEN[refusal].retryAfter,
  ): Promise<void> {
    const { status } = NOT_TAKEN[refusal];
    // Who was just told to come back is not kept waiting for the list.
    const all = refusal === 'store-away' ? null : await topics.list().catch(() => null);
    if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
    response.status(status).set('Cache-Control', 'no-store').type('html');
    response.send(views.page('submit', submitPage({ typed, topics: all, problems })));
  }

  return router;
}
