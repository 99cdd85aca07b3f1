import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pino from 'pino';
import { type Config, configOfProcess } from '../server/config.ts';
import { postForm } from '../server/net/post-form.ts';
import { type Serving, serve } from '../server/serve.ts';
import { composePing } from '../server/trackback/compose-ping.ts';
import { openBlogs } from './demo/blogs.ts';
import { type DemoPost, POSTS } from './demo/posts.ts';

/** When the late post comes in, after all others. */
const LATE_MS = 5_000;

const dataDir = mkdtempSync(join(tmpdir(), 'topichub-demo-'));
let serving: Serving | undefined;
const blogs = await openBlogs(slug => serving?.hub.urls.topic(slug) ?? '');
process.on('exit', () => rmSync(dataDir, { recursive: true, force: true }));
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

const log = pino({ level: 'warn' }, pino.destination(2));
const config: Config = {
  ...configOfProcess(),
  // Nothing of a real hub's settings may lead the demo's pings, or its data, there.
  baseUrl: null,
  mongodbUri: null,
  role: 'all',
  // All its blogs ping at once, and from one address.
  rateLimits: null,
  dataDir,
  fetchAllow: new Set(blogs.pairs),
};
try {
  serving = await serve(config, log, { lookup: async () => ['127.0.0.1'] });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken = `Port ${config.port} is already in use; choose another: PORT=3001 npm run demo`;
  console.error(code === 'EADDRINUSE' ? taken : message);
  process.exit(1);
}

const { hub, storage } = serving;
const early = POSTS.filter(post => !post.late);
console.log(`The demo hub runs at ${serving.address}; ${early.length} posts of sample blogs ping it now.\n`);
for (const post of early) await send(post);
await settled();
console.log(`
Open these:
  ${hub.urls.home}
${[...new Set(POSTS.map(post => post.topic))]
  .map(slug => `  ${hub.urls.topic(slug)}   feed: ${hub.urls.feed(slug, 'rss')}`)
  .join('\n')}

Everything is deleted when you stop the demo with Ctrl+C. One more post comes in ${LATE_MS / 1_000} seconds from now.`);
await pause(LATE_MS);
for (const post of POSTS.filter(one => one.late)) await send(post);

async function send(post: DemoPost): Promise<void> {
  const fields = {
    url: blogs.addressOf(post),
    title: post.title,
    excerpt: `${post.before} ${post.linkText}, ${post.after}`,
    blogName: post.name,
  };
  const { body } = await postForm(hub.urls.trackback(post.topic), composePing(fields, post.charset));
  const answer = /<error>0</.test(body) ? 'taken' : 'refused';
  console.log(`  ${answer}  ${post.language.padEnd(7)} ${post.charset.padEnd(12)} ${post.title}`);
}

async function settled(): Promise<void> {
  for (;;) {
    const topics = await storage.topics.list();
    const mentions = (await Promise.all(topics.map(topic => storage.mentions.all(topic.id, 100)))).flat();
    const waiting = mentions.filter(mention => mention.status === 'pending');
    if (waiting.length === 0) {
      const listed = mentions.filter(mention => mention.status === 'listed').length;
      console.log(
        `\nLooked at all ${mentions.length}: ${listed} listed, ${mentions.length - listed} without a link.`,
      );
      return;
    }
    await pause(50);
  }
}

async function stop(): Promise<void> {
  blogs.close();
  await serving?.stop();
  process.exit(0);
}
