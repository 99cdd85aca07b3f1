import { Readable } from 'node:stream';
import FeedParser from 'feedparser';
import { SaxesParser } from 'saxes';

/** What a real feed parser makes of a feed. Throws when the XML is not well-formed. */
export async function readFeed(xml: string): Promise<{ meta: FeedParser.Meta; items: FeedParser.Item[] }> {
  assertWellFormed(xml);
  const parser = new FeedParser({ normalize: true, addmeta: false });
  const items: FeedParser.Item[] = [];
  Readable.from([xml]).pipe(parser);
  for await (const item of parser) items.push(item as FeedParser.Item);
  return { meta: parser.meta, items };
}

/** Throws at the first thing that XML 1.0 does not allow. */
export function assertWellFormed(xml: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', error => {
    throw error;
  });
  parser.write(xml).close();
}
