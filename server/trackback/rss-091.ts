import type { Listed } from '../mentions/mentions.ts';
import { escapeXml } from '../text/xml.ts';
import type { Topic } from '../topics/topic.ts';

/**
 * What `?__mode=rss` answers (TrackBack 1.1, "Retrieving TrackBack Pings"): the topic's newest
 * entries as RSS 0.91 inside a TrackBack response. Only listed entries, only plain text.
 */
export function renderRss091(topic: Topic, entries: readonly Listed[], topicAddress: string): string {
  const items = entries.map(
    ({ url, site, shown }) => `<item>
<title>${escapeXml(shown.title ?? shown.blogName ?? site)}</title>
<link>${escapeXml(url)}</link>
<description>${escapeXml(shown.excerpt ?? '')}</description>
</item>
`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<response>
<error>0</error>
<rss version="0.91"><channel>
<title>${escapeXml(topic.title)}</title>
<link>${escapeXml(topicAddress)}</link>
<description>${escapeXml(topic.definition)}</description>
<language>en</language>
${items.join('')}</channel></rss>
</response>
`;
}
