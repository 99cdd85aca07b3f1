import { parseArgs } from 'node:util';
import { postForm } from '../server/net/post-form.ts';
import { composePing } from '../server/trackback/compose-ping.ts';
import { CommandError, saying } from './command.ts';

const USAGE =
  'npm run ping -- <trackback-url> --url <post> [--title … --excerpt … --blog-name … --charset utf-8]';

await saying(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      title: { type: 'string' },
      excerpt: { type: 'string' },
      'blog-name': { type: 'string' },
      charset: { type: 'string' },
    },
  });
  const [door] = positionals;
  if (!door || !URL.canParse(door) || !values.url) throw new CommandError(USAGE);
  const form = compose(values);
  const { status, body } = await postForm(door, form).catch((error: Error) => {
    throw new CommandError(`${door} did not answer: ${error.message}`);
  });
  console.log(`HTTP ${status}\n${body.trim()}`);
  if (!/<error>0<\/error>/.test(body)) process.exitCode = 1;
});

function compose({ url = '', title, excerpt, charset, ...more }: Partial<Record<string, string>>) {
  try {
    return composePing({ url, title, excerpt, blogName: more['blog-name'] }, charset);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
