import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Mention, Refusal } from '../mentions/mention.ts';
import type { Mentions } from '../mentions/mentions.ts';
import type { Receive } from '../mentions/receive.ts';
import type { Refusals } from '../mentions/refusals.ts';
import type { SourceRules } from '../mentions/source-key.ts';
import type { Topics } from '../topics/topics.ts';
import type { Urls } from '../urls.ts';
import type { CameWith } from '../web/arrivals.ts';
import { isFromElsewhere } from '../web/from-elsewhere.ts';
import { isHangUp, refusalOfBody } from '../web/ping-body.ts';
import type { LimitSender } from '../web/rate-limit.ts';
import { searchOf } from '../web/search-of.ts';
import type { TooMany } from '../web/too-many-page.ts';
import type { Views } from '../web/views.ts';
import type { Explained } from './explain.ts';
import { createKnow } from './know.ts';
import { isOwed } from './lately.ts';
import { mayAsk } from './next.ts';
import { readTyped } from './post-address.ts';
import { readReceiptId } from './receipt-id.ts';
import { receiptJson } from './receipt-json.ts';
import { receiptPage } from './receipt-page.ts';
import { type Asked, wherePage } from './where-page.ts';

export interface ReceiptRoutesNeeds {
  limitSender: LimitSender;
  cameWith: CameWith;
  tooMany: TooMany;
  mentions: Pick<Mentions, 'byId' | 'ofPost' | 'lookAgain'>;
  refusals: Pick<Refusals, 'ofKey'>;
  topics: Pick<Topics, 'byId' | 'list'>;
  receive: Receive;
  rules: SourceRules;
  views: Views;
  urls: Urls;
  /** The hub under all its base addresses, whose forms are our own. */
  sites: readonly Pick<Urls, 'origin'>[];
  /** The engine's clock; see `Storage`. */
  now: () => number;
  /** Told when a look is owed, and to whom, so that somebody looks. */
  owed: (key: string, sender: string | null) => void;
}

/** What authors ask: the receipt of a ping, the button on it, and "Where is my ping?". */
export function receiptRoutes(needs: ReceiptRoutesNeeds): Router {
  const { mentions, refusals, topics, receive, rules, limitSender, cameWith, tooMany } = needs;
  const { views, urls, sites, now, owed } = needs;
  const know = createKnow(needs);
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '16kb' });

  router.use(['/pings', '/where-is-my-ping'], (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  router.get('/pings/:id', async (request, response, next) => {
    const id = readReceiptId(request.params.id);
    const found = id === null ? null : await know.one(id);
    if (!found) return wantsJson(request) ? noReceipt(response) : next();
    if (request.path !== `/pings/${id}`) return response.redirect(308, urls.receipt(found.known.mention.id));
    sendReceipt(request, response, found);
  });

  const limited = limitSender('form', (response, over) => tooMany(response, over, null));
  router.post('/pings/:id/look', limited, async (request, response, next) => {
    const id = readReceiptId(String(request.params['id']));
    const found = id === null ? null : await know.one(id);
    if (!found) return wantsJson(request) ? noReceipt(response) : next();
    const { mention, lookableAt } = found.known;
    const asked = mayAsk(found.situation) && !isOwed(mention, now());
    if (asked && lookableAt !== null) {
      response.status(429).set('Retry-After', String(Math.ceil((lookableAt - now()) / 1_000)));
      return sendReceipt(request, response, found);
    }
    if (asked && !isFromElsewhere(request.headers, sites)) await look(mention, cameWith(request).sender);
    response.redirect(303, urls.path(urls.receipt(mention.id)));
  });

  /** Who reloads what the button led to, or follows it as a link, finds the receipt. */
  router.get('/pings/:id/look', (request, response, next) => {
    const id = readReceiptId(request.params.id);
    if (id === null) return next();
    response.redirect(303, urls.path(urls.receipt(id)));
  });

  router.get('/where-is-my-ping', async (request, response) => {
    if (request.path !== '/where-is-my-ping') return response.redirect(308, urls.where + searchOf(request));
    const url = request.query['url'];
    const typed = url === undefined ? null : textOf(url);
    await sendWhere(response, { typed, problem: null, chosen: textOf(request.query['topic']) });
  });

  router.post('/where-is-my-ping', limited, form, async (request, response) => {
    const typed = textOf(request.body?.url);
    const chosen = textOf(request.body?.topic);
    const read = readTyped(typed, rules);
    const asked = { typed, chosen };
    if ('problem' in read) return sendWhere(response, { ...asked, problem: read.problem });
    if (chosen === '' || isFromElsewhere(request.headers, sites)) {
      return sendWhere(response, { ...asked, problem: chosen === '' ? 'unknown-topic' : null });
    }
    const at = { topic: chosen, via: 'form', ...cameWith(request) } as const;
    const taken = await receive({ source: read.source.url, words: {} }, at);
    if ('refusal' in taken && taken.over) {
      return tooMany(response, taken.over, { address: read.source.url, topic: taken.topic });
    }
    if ('refusal' in taken) return sendWhere(response, { ...asked, problem: taken.refusal });
    response.redirect(303, urls.path(urls.receipt(taken.mention.id)));
  });

  /** A form that cannot be read asks for nothing. */
  const trouble: ErrorRequestHandler = (error, request, response, next) => {
    const unread = request.method === 'POST' && error.status >= 400 && error.status < 500;
    if (!unread || response.headersSent) return next(error);
    if (isHangUp(error)) return;
    const problem = refusalOfBody(error) ?? 'unreadable';
    sendWhere(response, { typed: '', problem, chosen: '' }).catch(next);
  };
  router.use('/where-is-my-ping', trouble);

  async function look({ topicId, key }: Mention, sender: string | null): Promise<void> {
    if (await mentions.lookAgain(topicId, key)) owed(key, sender);
  }

  function sendReceipt(request: Request, response: Response, found: Explained): void {
    response.set('X-Robots-Tag', 'noindex').set('Vary', 'Accept');
    if (wantsJson(request)) response.json(receiptJson(found));
    else response.type('html').send(views.page('receipt', receiptPage(found)));
  }

  async function sendWhere(
    response: Response,
    asked: { typed: string | null; problem: Refusal | null; chosen: string },
  ): Promise<void> {
    const read = asked.typed === null ? null : readTyped(asked.typed, rules);
    // Who was just told that the store is away is not kept waiting for it once more.
    const away = asked.problem === 'store-away';
    const key = read === null || away ? null : 'source' in read ? read.source.key : read.key;
    const all = away ? [] : await topics.list();
    const [explained, refused] =
      key === null ? [[], []] : await Promise.all([know.ofPost(key, all), refusals.ofKey(key)]);
    // Whatever is wrong with an address: a ping that named it shall be found.
    const known = explained.length > 0 || refused.length > 0;
    const wrong = read && 'problem' in read && !known ? read.problem : null;
    const page: Asked = {
      ...asked,
      problem: asked.problem ?? wrong,
      explained,
      refusals: refused,
      topics: all,
      urls,
    };
    if (asked.typed !== null) response.set('X-Robots-Tag', 'noindex');
    const { status, retryAfter } = page.problem === null ? { status: 200 } : answerTo(page.problem);
    response.status(status);
    if (retryAfter !== undefined) response.set('Retry-After', String(retryAfter));
    response.type('html').send(views.page('where', wherePage(page)));
  }

  return router;
}

/** A status, and the seconds after which it may be otherwise. */
type Told = { status: number; retryAfter?: number };

/** All other problems are 400. */
const NOT_400: { [problem in Refusal]?: Told } = {
  'too-large': { status: 413 },
  'too-many': { status: 429, retryAfter: 60 },
  busy: { status: 503, retryAfter: 60 },
  'store-away': { status: 503, retryAfter: 30 },
};

const answerTo = (problem: Refusal): Told => NOT_400[problem] ?? { status: 400 };

const wantsJson = (request: Request): boolean => request.accepts(['html', 'json']) === 'json';

function noReceipt(response: Response): void {
  response.status(404).set('X-Robots-Tag', 'noindex').set('Vary', 'Accept');
  response.json({ error: 'There is no such receipt. Receipts are deleted 90 days after the last change.' });
}

/** A field that is there once; a repeated one counts for its first. */
function textOf(value: unknown): string {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}
