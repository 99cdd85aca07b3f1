import type { FeedForm } from '../urls.ts';
import type { Rendered } from '../web/finished-page.ts';
import type { Feed } from './feed.ts';
import { ATOM_TYPE, renderAtom } from './render-atom.ts';
import { JSON_TYPE, renderJson } from './render-json.ts';
import { RSS_TYPE, renderRss } from './render-rss.ts';

const RENDERERS: Readonly<Record<FeedForm, { type: string; render: (feed: Feed) => string }>> = {
  rss: { type: RSS_TYPE, render: renderRss },
  atom: { type: ATOM_TYPE, render: renderAtom },
  json: { type: JSON_TYPE, render: renderJson },
};

/** A feed in the form that was asked for, as the cache of finished pages takes it. */
export function renderFeed(feed: Feed, form: FeedForm): Rendered {
  const { type, render } = RENDERERS[form];
  return { type, body: render(feed), changedAt: feed.updatedAt };
}
