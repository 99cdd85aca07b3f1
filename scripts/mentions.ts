import type { Mention } from '../server/mentions/mention.ts';
import { keyOf } from '../server/mentions/source-key.ts';
import type { Topic } from '../server/topics/topic.ts';
import { dateAndTime } from '../server/web/helpers.ts';
import { CommandError, withStore } from './command.ts';

const USAGE = `npm run mentions -- list <topic>
npm run mentions -- look <topic> <url>     have the post looked at again
npm run mentions -- remove <topic> <url>   take the post down for good`;

const MOST_LISTED = 1_000;

const [action, slug, address] = process.argv.slice(2);

await withStore(async ({ topics, mentions }) => {
  if (!slug || !['list', 'look', 'remove'].includes(String(action))) throw new CommandError(USAGE);
  const topic = await topics.bySlug(slug);
  if (!topic) throw new CommandError(`There is no topic with the slug ${slug}.`);
  if (action === 'list') {
    for (const mention of await mentions.all(topic.id, MOST_LISTED)) console.log(line(mention));
    return;
  }
  const key = readKey(address);
  const done =
    action === 'look' ? await mentions.lookAgain(topic.id, key, true) : await mentions.remove(topic.id, key);
  if (!done) throw new CommandError(notThere(topic));
  console.log(
    action === 'look'
      ? 'The hub looks at it within half a minute.'
      : 'Taken down for good: a further ping of this post is refused.',
  );
});

function line({ status, lastPingAt, sourceUrl, shown, claim }: Mention): string {
  const title = shown?.title ?? claim.title ?? 'untitled';
  return `${status.padEnd(11)} ${dateAndTime(lastPingAt)} UTC  ${sourceUrl}  ${title}`;
}

function readKey(text: string | undefined): string {
  const url = URL.parse(text ?? '');
  if (!url) throw new CommandError(USAGE);
  return keyOf(url);
}

function notThere(topic: Topic): string {
  return `${topic.title} knows no such post, or it was taken down for good.`;
}
