import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import Handlebars from 'handlebars';
import type { Urls } from '../urls.ts';

/** What every page shows of the hub itself. `build` stands in the addresses of stylesheet and script. */
export interface Site {
  name: string;
  /** A mail or web address. */
  contact: string | null;
  build: string;
  urls: Urls;
}

/** What the layout needs of every page; each page's own model adds to it. */
export interface PageModel {
  /** Of the document; the layout adds the hub's name. */
  title: string;
  noindex?: boolean;
  /** The entry of the main navigation that this page belongs to. */
  current?: 'topics' | 'where' | 'submit' | 'how-to-ping';
}

export interface Views {
  /** The whole page as HTML. `view` is the name of a file in `views/`. */
  page(view: string, model: PageModel): string;
}

/**
 * Strict, so that a misspelt name fails its test instead of leaving a hole in the page; helpers are
 * only those named here, so that no field of a model can ever be taken for one.
 */
const OPTIONS = { strict: true, knownHelpersOnly: true, knownHelpers: { is: true }, preventIndent: true };

/**
 * The templates of `views/`, read once: pages, each of which wraps itself in `layout.hbs`, and
 * `partials/`. A template that can't be parsed stops the start, not the first reader.
 */
export function createViews(site: Site): Views {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('is', (a: unknown, b: unknown) => a === b);
  const folder = new URL('../../views/', import.meta.url);
  const pages = compileAll(handlebars, folder);
  const partials = compileAll(handlebars, new URL('partials/', folder));
  handlebars.registerPartial(Object.fromEntries(partials));
  handlebars.registerPartial('layout', pages.get('layout') as Handlebars.TemplateDelegate);
  const data = { site: shownSite(site) };
  return {
    page(view, model) {
      const render = pages.get(view);
      if (!render) throw new Error(`There is no view "${view}"`);
      return render({ noindex: false, current: null, ...model }, { data });
    },
  };
}

function compileAll(handlebars: typeof Handlebars, folder: URL): Map<string, Handlebars.TemplateDelegate> {
  const files = readdirSync(folder).filter(name => extname(name) === '.hbs');
  return new Map(
    files.map(name => {
      const source = readFileSync(new URL(name, folder), 'utf8');
      return [
        basename(name, '.hbs'),
        handlebars.compile(handlebars.parse(source, { srcName: name }), OPTIONS),
      ];
    }),
  );
}

/** Reaches every template, however deep, as `@site`. */
function shownSite({ name, contact, build, urls }: Site) {
  return {
    name,
    home: urls.home,
    pingback: urls.pingback,
    webmention: urls.webmention,
    where: urls.where,
    follow: urls.follow,
    submit: urls.submit,
    submitAction: urls.path(urls.submit),
    howToPing: urls.howToPing,
    contact: contact === null ? null : contactHref(contact),
    stylesheet: urls.asset('site.css', build),
    favicon: urls.asset('favicon.svg', build),
    copyScript: urls.asset('copy.js', build),
  };
}

const contactHref = (contact: string) => (/^https?:\/\//i.test(contact) ? contact : `mailto:${contact}`);
