import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Worker } from 'node:worker_threads';
import type { Permit } from '../../server/net/permit.ts';
import { troubled } from '../../server/net/trouble.ts';
import type { HopAnswer } from '../../server/verification/hop.ts';
import { createLookThreads, type LookThreadsNeeds } from '../../server/verification/look-threads.ts';
import { aBlog, aPost } from '../support/blog.ts';
import { until } from '../support/until.ts';

const BREAKING = new URL('../support/breaking-looker.ts', import.meta.url);
const HONEST: HopAnswer = { kind: 'not-html', status: 200 };
const BROKE: HopAnswer = { kind: 'failed', trouble: 'broke-reader' };
const LATE: HopAnswer = { kind: 'failed', trouble: 'timeout' };

const toLoopback: Permit = async () => ['127.0.0.1'];

/** Threads that do what the path of an address says; `broken` collects why threads ended. */
function breakingThreads(
  test: TestContext,
  { permit = toLoopback, ...over }: Partial<LookThreadsNeeds> & { permit?: Permit } = {},
) {
  const broken: string[] = [];
  const threads = createLookThreads({
    userAgent: 'topichub (test)',
    entry: BREAKING,
    broke: reason => broken.push(reason.message),
    ...over,
  });
  test.after(threads.close);
  const hop = (path: string, leftMs = 30_000) =>
    threads.hop(
      { url: `http://blog.test${path}`, leftMs, wanted: [], hubKeys: [], forwardedFor: null },
      permit,
    );
  return { threads, hop, broken };
}

describe('a hop in a thread', () => {
  it('brings what the page says', async test => {
    const blog = await aBlog(test);
    blog.put('/post', aPost({ link: 'https://hub.example/t/night-sky' }));
    const asked: string[] = [];
    const permit: Permit = async (host, port) => {
      asked.push(`${host}:${port}`);
      return toLoopback(host, port);
    };
    const threads = createLookThreads({ userAgent: 'topichub (test)' });
    test.after(threads.close);
    const claim = { title: 'Orion in Winter', excerpt: 'three stars', blogName: 'Another' };
    const answer = await threads.hop(
      {
        url: blog.at('/post'),
        leftMs: 10_000,
        wanted: [
          { id: 'one', targets: [{ key: 'hub.example/t/night-sky', to: 'page' }], claim },
          { id: 'two', targets: [{ key: 'hub.example/t/bread', to: 'page' }], claim },
        ],
        hubKeys: ['hub.example'],
        forwardedFor: null,
      },
      permit,
      address => asked.push(address),
    );
    assert.equal(answer.kind, 'page');
    if (answer.kind !== 'page') return;
    const borneOut = { title: true, excerpt: true, blogName: false };
    const quote = {
      address: 'https://hub.example/t/night-sky',
      sentence: 'Three stars in a row, seen with the night sky topic in mind.',
    };
    assert.equal(answer.page.title, 'Orion in winter');
    assert.deepEqual(answer.found, [
      { id: 'one', link: { to: 'page', ...quote }, instead: null, borneOut },
      {
        id: 'two',
        link: null,
        instead: {
          links: [{ key: 'hub.example/t/night-sky', near: false, ...quote }],
          frontPage: null,
          bare: null,
          hidden: null,
        },
        borneOut,
      },
    ]);
    assert.deepEqual(asked, [blog.pair, '127.0.0.1']);
    assert.equal(blog.requests[0]?.headers['user-agent'], 'topichub (test)');
  });

  it('is refused by the guard of the main thread', async test => {
    const { hop } = breakingThreads(test, {
      entry: new URL('../../server/verification/looker.ts', import.meta.url),
      permit: async () => {
        throw troubled('not-public', 'no');
      },
    });
    assert.deepEqual(await hop('/post', 10_000), { kind: 'failed', trouble: 'not-public' });
  });

  it('knows nothing of the environment', async test => {
    const { hop } = breakingThreads(test, {
      entry: new URL('../support/curious-looker.ts', import.meta.url),
    });
    process.env['SECRET_OF_THE_TEST'] = 'x';
    assert.deepEqual(await hop('/post'), { kind: 'not-html', status: 404 });
  });
});

describe('a page that breaks its reader', () => {
  for (const path of ['/loops', '/exits', '/throws', '/throws-unannounced', '/eats-memory']) {
    it(`${path}: is answered as that, and the jobs beside it are done by the next thread`, async test => {
      const { hop, broken } = breakingThreads(test, {
        readingMs: 1_000,
        resourceLimits: { maxOldGenerationSizeMb: 16 },
      });
      // All of them are in flight when the page breaks the thread: the guard is slow to answer.
      const beside = [hop('/guarded'), hop('/guarded'), hop('/guarded')];
      assert.deepEqual(await hop(path), BROKE);
      assert.deepEqual(await Promise.all(beside), [HONEST, HONEST, HONEST]);
      assert.deepEqual(await hop('/post'), HONEST);
      assert.equal(broken.length, 1);
    });
  }

  it('/exits-unannounced: is found out by trying each suspect alone', async test => {
    const guard = Promise.withResolvers<string[]>();
    const { hop, broken } = breakingThreads(test, { permit: () => guard.promise });
    const beside = [hop('/guarded'), hop('/guarded')];
    const poison = hop('/exits-unannounced');
    await until(() => broken.length > 0);
    guard.resolve(['127.0.0.1']);
    assert.deepEqual(await poison, BROKE);
    assert.deepEqual(await Promise.all(beside), [HONEST, HONEST]);
    assert.equal(broken.length, 2);
  });

  it('/loops-unannounced: is late, and what it held up is done by the next thread', async test => {
    const { hop, broken } = breakingThreads(test, { readingMs: 1_000 });
    const poison = hop('/loops-unannounced', 100);
    const beside = hop('/post');
    assert.deepEqual(await poison, LATE);
    assert.deepEqual(await beside, HONEST);
    assert.equal(broken.length, 1);
  });

  it('a job is handed on twice at most', async test => {
    const guard = Promise.withResolvers<string[]>();
    const { hop, broken } = breakingThreads(test, { permit: () => guard.promise });
    const unlucky = hop('/guarded');
    for (const _ of [1, 2, 3]) assert.deepEqual(await hop('/exits'), BROKE);
    assert.deepEqual(await unlucky, BROKE);
    assert.equal(broken.length, 3);
    guard.resolve([]);
  });

  it('a thread that cannot even start answers all the same', async test => {
    const { hop } = breakingThreads(test, { entry: new URL('../support/no-such-file.ts', import.meta.url) });
    assert.deepEqual(await Promise.all([hop('/a'), hop('/b')]), [BROKE, BROKE]);
  });

  it('a fault of the guard breaks the thread, not the hub', async test => {
    const { hop, broken } = breakingThreads(test, {
      permit: async () => {
        throw new TypeError('ours');
      },
    });
    assert.deepEqual(await hop('/guarded'), BROKE);
    assert.deepEqual(broken, ['ours', 'ours']);
  });
});

describe('what a page may cost a thread, unless somebody says otherwise', () => {
  it('is 2 s of its processor', async test => {
    const { hop, broken } = breakingThreads(test);
    assert.deepEqual(await hop('/loops'), BROKE);
    assert.deepEqual(broken, ['silent for 2000 ms']);
  });

  it('and 140 MiB of memory', async test => {
    const started: Worker[] = [];
    const note = (worker: Worker) => started.push(worker);
    process.on('worker', note);
    test.after(() => process.off('worker', note));
    const { hop, broken } = breakingThreads(test);
    assert.deepEqual(await hop('/post'), HONEST);
    const [thread, ...others] = started;
    assert.deepEqual(others, []);
    assert.equal(thread?.resourceLimits?.maxOldGenerationSizeMb, 128);
    assert.equal(thread?.resourceLimits?.maxYoungGenerationSizeMb, 12);
    assert.deepEqual(await hop('/eats-memory'), BROKE);
    assert.equal(broken.length, 1);
  });
});

describe('the deadline of a hop', () => {
  it('is kept even when the thread never answers', async test => {
    const { hop, broken } = breakingThreads(test, { readingMs: 1_000 });
    assert.deepEqual(await hop('/waits', 100), LATE);
    assert.deepEqual(await hop('/post'), HONEST);
    assert.deepEqual(broken, [], 'a thread that shows signs of life is not ended');
  });
});

describe('closing', () => {
  it('answers what is open, and everything after it, as late', async test => {
    const { threads, hop } = breakingThreads(test);
    const open = [hop('/waits'), hop('/loops'), hop('/guarded')];
    await threads.close();
    assert.deepEqual(await Promise.all(open), [LATE, LATE, LATE]);
    assert.deepEqual(await hop('/post'), LATE);
  });

  it('leaves nothing that keeps the process alive', async test => {
    const { threads, hop } = breakingThreads(test, { threads: 2 });
    await Promise.all([hop('/post'), hop('/post')]);
    await threads.close();
    const kept = process.getActiveResourcesInfo().filter(name => name === 'MessagePort' || name === 'Worker');
    assert.deepEqual(kept, []);
  });

  it('without a hop there is no thread', async () => {
    const entry = new URL('../support/no-such-file.ts', import.meta.url);
    await createLookThreads({ userAgent: '', entry }).close();
  });
});
