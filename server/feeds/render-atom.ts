import { escapeXml } from '../text/xml.ts';
import { isoTime } from '../web/helpers.ts';
import { type Feed, type FeedItem, titleFor } from './feed.ts';
import { OURS, TERMS } from './namespaces.ts';

/** Atom's own Content-Type. */
export const ATOM_TYPE = 'application/atom+xml; charset=utf-8';

/** Atom 1.0 (RFC 4287). Every text is of the type "text", which readers never take for markup. */
export function renderAtom(feed: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dcterms="${TERMS}" xmlns:hub="${OURS}">
${element('id', feed.id)}
${element('title', feed.title)}
${element('subtitle', feed.description)}
${element('updated', isoTime(feed.updatedAt))}
${person('author', feed.publisher)}
<link rel="alternate" type="text/html" href="${escapeXml(feed.page)}"/>
<link rel="self" type="application/atom+xml" href="${escapeXml(feed.self)}"/>
<generator>topichub</generator>
${feed.items.map(entry).join('')}</feed>
`;
}

/**
 * The language goes for all of an entry, but not for a title that we had to make up. `published` and `updated`
 * are the listing, as the date is in every form; what the page says of itself is `created`.
 */
function entry(item: FeedItem): string {
  const { language, title, excerpt, post } = item;
  const lines = [
    `<entry${language === null ? '' : ` xml:lang="${escapeXml(language)}"`}>`,
    element('id', item.guid),
    title === null ? element('title', titleFor(item), ' xml:lang="en"') : element('title', title),
    `<link rel="alternate" href="${escapeXml(item.url)}"/>`,
    element('published', isoTime(item.listedAt)),
    element('updated', isoTime(item.listedAt)),
    person('author', item.blog),
    ...(post.author === null ? [] : [person('contributor', { name: post.author })]),
    ...item.topics.map(topic => `<category term="${escapeXml(topic)}"/>`),
    // Without content an entry needs no summary (section 4.1.2), but some readers expect one.
    element('summary', excerpt ?? ''),
    ...(post.published === null ? [] : [element('dcterms:created', isoTime(post.published))]),
    ...post.doors.map(door => element('hub:door', door)),
    '</entry>\n',
  ];
  return lines.join('\n');
}

const element = (name: string, text: string, attributes = '') =>
  `<${name}${attributes}>${escapeXml(text)}</${name}>`;

const person = (role: 'author' | 'contributor', { name, url }: { name: string; url?: string }) =>
  `<${role}>${element('name', name)}${url === undefined ? '' : element('uri', url)}</${role}>`;
