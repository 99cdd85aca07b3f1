import { type CheerioAPI, load } from 'cheerio';
import { createUrls } from '../../server/urls.ts';
import { createViews, type PageModel, type Site } from '../../server/web/views.ts';

export const urls = createUrls('https://hub.example');

export const site: Site = { name: 'topichub', contact: null, build: 'b1', urls };

/** Renders a page with the real templates, for tests that ask what a reader, or a parser, finds in it. */
export function openPage(
  view: string,
  model: PageModel,
  over: Partial<Site> = {},
): { html: string; $: CheerioAPI } {
  const html = createViews({ ...site, ...over }).page(view, model);
  return { html, $: load(html) };
}

/** A text as a reader takes it in: white space is one space. */
export const said = (text: string) => text.replace(/\s+/g, ' ').trim();
