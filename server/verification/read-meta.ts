import { load } from 'cheerio/slim';

/** What a page says of itself in its `meta` tags: the first that says anything, by name in lower case. */
export interface Meta {
  /** The `lang` of the `html` element. */
  lang: string | null;
  get(name: string): string | undefined;
  /** What each `robots` tag says; there they add up. */
  robots: readonly string[];
}

/**
 * Reads the tags that `walkPage` set aside. Only those, because cheerio builds a tree, and takes minutes for
 * trees that a page was written to have.
 */
export function readMeta(metaTags: string): Meta {
  const $ = load(metaTags);
  const said = new Map<string, string>();
  const robots: string[] = [];
  for (const tag of $('meta').toArray()) {
    const { property, name, 'http-equiv': header, content } = tag.attribs;
    const key = (property ?? name ?? header)?.trim().toLowerCase();
    if (key && content?.trim() && !said.has(key)) said.set(key, content);
    if (name?.trim().toLowerCase() === 'robots' && content) robots.push(content);
  }
  return { lang: $('html').attr('lang') ?? null, get: name => said.get(name), robots };
}
