import type { Feed } from './feed.ts';
import { renderRss } from './render-rss.ts';

/** The first entry of a feed as it stands in RSS, in lines, for people to read. */
export function rssItem(feed: Feed): string {
  const xml = renderRss({ ...feed, items: feed.items.slice(0, 1) }, { indent: '  ' });
  const lines = xml.split('\n');
  const from = lines.findIndex(line => line.trim() === '<item>');
  const to = lines.findIndex(line => line.trim() === '</item>');
  const margin = (lines[from] ?? '').search(/\S/);
  return lines
    .slice(from, to + 1)
    .map(line => line.slice(margin))
    .join('\n');
}
