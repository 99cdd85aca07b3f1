import RSS from 'rss';
import { escapeXml, onlyXmlChars } from '../text/xml.ts';
import { isoTime } from '../web/helpers.ts';
import { type Feed, type FeedItem, titleFor } from './feed.ts';
import { OURS, TERMS } from './namespaces.ts';

/** RSS's own Content-Type. */
export const RSS_TYPE = 'application/rss+xml; charset=utf-8';

/**
 * RSS 2.0. Readers take a description as HTML, so its plain text is escaped before it becomes one.
 * The library passes characters through that XML forbids and stamps the feed with the time of
 * rendering; neither leaves this function. `indent` is for eyes.
 */
export function renderRss(feed: Feed, { indent = '' } = {}): string {
  const rss = new RSS({
    title: onlyXmlChars(feed.title),
    description: escapeXml(feed.description),
    site_url: feed.page,
    feed_url: feed.self,
    generator: 'topichub',
    custom_namespaces: { dcterms: TERMS, hub: OURS },
  });
  for (const item of feed.items) {
    rss.item({
      title: onlyXmlChars(item.title ?? titleFor(item)),
      description: escapeXml(item.excerpt ?? ''),
      url: item.url,
      guid: item.guid,
      categories: item.topics.map(onlyXmlChars),
      author: onlyXmlChars(item.blog.name),
      date: new Date(item.listedAt),
      custom_elements: facts(item),
    });
  }
  return withBuildDate(rss.xml({ indent }), feed.updatedAt);
}

/** What RSS has no elements for, as Dublin Core has them; `dc` is declared by the library. */
function facts({ language, post }: FeedItem): Record<string, unknown>[] {
  return [
    ...(language === null ? [] : [{ 'dc:language': language }]),
    ...(post.author === null ? [] : [{ 'dc:contributor': { _cdata: onlyXmlChars(post.author) } }]),
    ...(post.published === null ? [] : [{ 'dcterms:created': isoTime(post.published) }]),
    ...post.doors.map(door => ({ 'hub:door': door })),
  ];
}

/** The element stands right behind the generator, where no foreign text can be. */
function withBuildDate(xml: string, updatedAt: number): string {
  return xml.replace(
    /(<\/generator>\s*<lastBuildDate>)[^<]*/,
    (_all, before: string) => before + new Date(updatedAt).toUTCString(),
  );
}
