import { parseArgs } from 'node:util';
import type { Storage } from '../server/storage/storage.ts';
import { cleanText } from '../server/text/clean.ts';
import { isSlug, type Topic } from '../server/topics/topic.ts';
import { CommandError, withStore } from './command.ts';

const USAGE = `npm run topics -- list
npm run topics -- add <slug> "<title>" ["<definition>"]
npm run topics -- rename <slug> <new slug> ["<new title>"]
npm run topics -- remove <slug> [--yes]`;

const SLUG_RULE =
  'A slug is made of a-z, 0-9 and single hyphens, at most 64 of them, such as "bread-baking".';

await withStore(async ({ topics }) => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { yes: { type: 'boolean' } },
  });
  const [action, ...words] = positionals;
  if (action === 'list') return list(topics);
  if (action === 'add' && words.length >= 2 && words.length <= 3) return add(topics, words);
  if (action === 'rename' && words.length >= 2 && words.length <= 3) return rename(topics, words);
  if (action === 'remove' && words.length === 1)
    return remove(topics, words[0] as string, values.yes === true);
  throw new CommandError(USAGE);
});

async function list(topics: Storage['topics']): Promise<void> {
  for (const { slug, title, posts, blogs } of await topics.list()) {
    console.log(
      `${slug.padEnd(32)} ${String(posts).padStart(6)} posts ${String(blogs).padStart(5)} blogs  ${title}`,
    );
  }
}

async function add(
  topics: Storage['topics'],
  [slug = '', title = '', definition = '']: string[],
): Promise<void> {
  const added = await topics.add({
    slug: readSlug(slug),
    title: readTitle(title),
    definition: cleanText(definition, 300) ?? '',
  });
  if (added === 'taken') throw new CommandError(`A topic has, or had, the slug ${slug}.`);
  console.log(`Added ${title} at /t/${slug}`);
}

async function rename(topics: Storage['topics'], [slug = '', to = '', title]: string[]): Promise<void> {
  const topic = await find(topics, slug);
  const changed = await topics.change(topic.id, {
    slug: readSlug(to),
    ...(title === undefined ? {} : { title: readTitle(title) }),
  });
  if (changed === 'taken') throw new CommandError(`A topic has, or had, the slug ${to}.`);
  console.log(`Renamed to /t/${to}; the address /t/${topic.slug} leads there.`);
}

async function remove(topics: Storage['topics'], slug: string, evenWithPosts: boolean): Promise<void> {
  const topic = await find(topics, slug);
  if (topic.posts > 0 && !evenWithPosts) {
    throw new CommandError(`${topic.title} lists ${topic.posts} posts. To delete them with it: add --yes.`);
  }
  await topics.remove(topic.id);
  console.log(`Removed ${topic.title} and everything in it.`);
}

async function find(topics: Storage['topics'], slug: string): Promise<Topic> {
  const topic = await topics.bySlug(slug);
  if (!topic) throw new CommandError(`There is no topic with the slug ${slug}.`);
  return topic;
}

function readSlug(slug: string): string {
  if (!isSlug(slug)) throw new CommandError(SLUG_RULE);
  return slug;
}

function readTitle(title: string): string {
  const text = cleanText(title, 100);
  if (!text) throw new CommandError('A title has 1 to 100 characters.');
  return text;
}
