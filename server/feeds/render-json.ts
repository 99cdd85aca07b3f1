import { onlyXmlChars } from '../text/xml.ts';
import { isoTime } from '../web/helpers.ts';
import { type Feed, type FeedItem, titleFor } from './feed.ts';

/** JSON Feed's own Content-Type. */
export const JSON_TYPE = 'application/feed+json; charset=utf-8';

/**
 * JSON Feed 1.1. Its texts are the same as in the other forms, without the characters that XML forbids; lone
 * surrogates are among them, which JSON could escape, but few readers could read (RFC 8259, section 8.2).
 */
export function renderJson(feed: Feed): string {
  const { title, description, page, self, publisher } = feed;
  const document = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: self,
    description,
    authors: [publisher],
    items: feed.items.map(jsonItem),
  };
  return JSON.stringify(document, (_name, value) =>
    typeof value === 'string' ? onlyXmlChars(value) : value,
  );
}

/**
 * A title may be absent here, and so it is; but a post without any words would be nothing to click on. One of
 * `content_text` and `content_html` must be there, even when it is empty. `_post` is what the page says of itself.
 */
function jsonItem(item: FeedItem) {
  const { guid, url, title, excerpt, language, blog, topics, listedAt, post } = item;
  const shownTitle = title ?? (excerpt === null ? titleFor(item) : null);
  return {
    id: guid,
    url,
    ...(shownTitle === null ? {} : { title: shownTitle }),
    content_text: excerpt ?? '',
    date_published: isoTime(listedAt),
    ...(language === null ? {} : { language }),
    authors: [blog],
    tags: topics,
    _post: { ...post, published: post.published === null ? null : isoTime(post.published) },
  };
}
