import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { aBlog, aPost } from '../support/blog.ts';
import { aFolder } from '../support/folder.ts';
import { readAnswer } from '../support/hub.ts';
import { run, runHub } from '../support/process.ts';
import { stopWhilePinged } from '../support/stop-while-pinged.ts';
import { until } from '../support/until.ts';

const ping = async (address: string, url: string) =>
  readAnswer(
    await (
      await fetch(`${address}/t/night-sky/trackback`, { method: 'POST', body: new URLSearchParams({ url }) })
    ).text(),
  );

describe('the process', () => {
  it('prints one line when it listens, at any log level, and logs to standard error as JSON', async test => {
    const quiet = runHub(test, aFolder(test), { LOG_LEVEL: 'silent' });
    await quiet.listening();
    assert.match(quiet.output(), /^topichub listening on http:\/\/localhost:\d+\n$/);
    assert.equal(quiet.errors(), '');
    const loud = runHub(test, aFolder(test));
    await loud.listening();
    await until(() => loud.errors().includes('\n'));
    assert.equal(JSON.parse(String(loud.errors().split('\n')[0])).msg, 'listening');
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`stops on ${signal} with exit code 0`, async test => {
      const hub = runHub(test, aFolder(test));
      await hub.listening();
      hub.child.kill(signal);
      assert.equal(await hub.ended(), 0);
    });
  }

  for (const [signal, to] of [
    ['SIGTERM', 'npm'],
    ['SIGTERM', 'the whole group'],
    ['SIGINT', 'the whole group'],
  ] as const) {
    it(`stops on ${signal} to ${to} when it was started with npm, and leaves nothing behind`, async test => {
      const folder = aFolder(test);
      const npm = run(test, 'npm', ['start'], { env: { PORT: '0', DATA_DIR: folder } });
      const address = await npm.listening();
      process.kill(to === 'npm' ? Number(npm.child.pid) : -Number(npm.child.pid), signal);
      await npm.ended();
      await assert.rejects(fetch(address));
      // The next one can own the folder: the last one is gone.
      const next = runHub(test, folder);
      await next.listening();
      assert.match(npm.errors(), /"msg":"stopped"/);
    });
  }

  it('Z09 answers what is in flight before it stops, and takes nothing more', async test => {
    await stopWhilePinged(runHub(test, aFolder(test)), 20);
  });

  it('stops although a connection is kept busy', async test => {
    const hub = runHub(test, aFolder(test));
    const address = await hub.listening();
    const busy = (async () => {
      for (;;) if (!(await fetch(`${address}/t/night-sky`).catch(() => null))) return;
    })();
    await until(() => fetch(address));
    hub.child.kill('SIGTERM');
    assert.equal(await hub.ended(), 0);
    await busy;
  });

  it('goes on when its log has nowhere to go', async test => {
    const hub = run(test, 'sh', ['-c', `exec ${process.execPath} server/main.ts 2>/dev/full`], {
      env: { PORT: '0', DATA_DIR: aFolder(test) },
    });
    const address = await hub.listening();
    for (let n = 0; n < 10; n++) assert.equal((await ping(address, 'nonsense')).error, '1');
  });

  it('names every fault of its settings at once and exits with 78', async test => {
    const hub = runHub(test, aFolder(test), { PORT: 'x', BASE_URL: 'nonsense', LOG_LEVEL: 'loud' });
    assert.equal(await hub.ended(), 78);
    assert.equal(hub.output(), '');
    assert.equal(hub.errors().trim().split('\n').length, 3);
    for (const name of ['PORT', 'BASE_URL', 'LOG_LEVEL'])
      assert.match(hub.errors(), new RegExp(`topichub: ${name} is`));
  });

  it('says in one sentence that its port is taken, and exits with 1', async test => {
    const rival = createServer();
    await new Promise<void>(resolve => rival.listen(0, '127.0.0.1', resolve));
    test.after(() => rival.close());
    const port = String((rival.address() as AddressInfo).port);
    const hub = runHub(test, aFolder(test), { PORT: port });
    assert.equal(await hub.ended(), 1);
    assert.equal(hub.errors().trim(), `topichub: Port ${port} on 127.0.0.1 is already in use.`);
  });

  it('says in one sentence what is wrong with its data folder, and exits with 1', async test => {
    const folder = aFolder(test);
    const newer = join(folder, 'newer');
    mkdirSync(newer);
    const db = new DatabaseSync(join(newer, 'topichub.sqlite'));
    db.exec('PRAGMA user_version = 999');
    db.close();
    writeFileSync(join(folder, 'file'), '');
    for (const [dataDir, words] of [
      [newer, /was written by a newer topichub/],
      [join(folder, 'file'), /cannot be used/],
    ] as const) {
      const hub = runHub(test, dataDir);
      assert.equal(await hub.ended(), 1);
      assert.match(hub.errors(), words);
      assert.equal(hub.errors().trim().split('\n').length, 1);
    }
  });

  it('takes commands beside it: an added topic is known at its doors at once', async test => {
    const folder = aFolder(test);
    const hub = runHub(test, folder);
    const address = await hub.listening();
    const topics = (...args: string[]) =>
      run(test, process.execPath, ['scripts/topics.ts', ...args], { env: { DATA_DIR: folder } });
    assert.equal(await topics('add', 'city-birds', 'Birds in cities').ended(), 0);
    assert.equal((await fetch(`${address}/t/city-birds`)).status, 200);
    const again = topics('add', 'city-birds', 'Birds again');
    assert.equal(await again.ended(), 1);
    assert.match(again.errors(), /A topic has, or had, the slug city-birds/);
    const wrong = topics('add', 'City--Birds', 'x');
    assert.equal(await wrong.ended(), 1);
    assert.match(wrong.errors(), /A slug is made of/);
  });

  it('is pinged and looked after from the shell', async test => {
    const folder = aFolder(test);
    const blog = await aBlog(test);
    const hub = runHub(test, folder, { FETCH_ALLOW: blog.pair });
    const address = await hub.listening();
    blog.put('/1', aPost({ link: `${address}/t/night-sky` }));
    const script = (name: string, ...args: string[]) =>
      run(test, process.execPath, [`scripts/${name}.ts`, ...args], { env: { DATA_DIR: folder } });
    const sent = script(
      'ping',
      `${address}/t/night-sky/trackback`,
      '--url',
      blog.at('/1'),
      '--charset',
      'windows-1252',
    );
    assert.equal(await sent.ended(), 0);
    assert.match(sent.output(), /HTTP 200[\s\S]*<error>0<\/error>/);
    await until(async () =>
      (await (await fetch(`${address}/t/night-sky`)).text()).includes('Orion in winter'),
    );
    const list = script('mentions', 'list', 'night-sky');
    assert.equal(await list.ended(), 0);
    assert.match(list.output(), /^listed .*\/1 {2}Orion in winter\n$/);
    assert.equal(await script('backup', join(folder, 'copy.sqlite')).ended(), 0);
    assert.equal(await script('mentions', 'remove', 'night-sky', blog.at('/1')).ended(), 0);
    await until(
      async () => !(await (await fetch(`${address}/t/night-sky`)).text()).includes('Orion in winter'),
    );
    const refused = script('ping', `${address}/t/night-sky/trackback`, '--url', blog.at('/1'));
    assert.equal(await refused.ended(), 1);
    const copy = new DatabaseSync(join(folder, 'copy.sqlite'), { readOnly: true });
    assert.equal(copy.prepare("SELECT count(*) AS n FROM mentions WHERE status = 'listed'").get()?.['n'], 1);
    copy.close();
  });

  it('looks from the shell at a post whose site asked for a pause', async test => {
    const folder = aFolder(test);
    const blog = await aBlog(test);
    const hub = runHub(test, folder, { FETCH_ALLOW: blog.pair });
    const address = await hub.listening();
    blog.put('/busy', (_request, response) => response.writeHead(503, { 'Retry-After': '3600' }).end());
    const looks = () => blog.requests.filter(({ path }) => path === '/busy').length;
    await ping(address, blog.at('/busy'));
    await until(() => hub.errors().includes('"msg":"look"'));
    await ping(address, blog.at('/busy'));
    const command = ['scripts/mentions.ts', 'look', 'night-sky', blog.at('/busy')];
    const look = run(test, process.execPath, command, { env: { DATA_DIR: folder } });
    assert.equal(await look.ended(), 0);
    assert.equal(looks(), 1);
    // The hub need not be told, but then it takes half a minute.
    await ping(address, blog.at('/other'));
    await until(() => looks() === 2);
  });

  it('Z03 Z07 killed at any moment loses no ping that it answered, and lists none twice', async test => {
    const folder = aFolder(test);
    const blog = await aBlog(test);
    const acknowledged: string[] = [];
    let sent = 0;
    let lines = '';
    for (let round = 0; round < 4; round++) {
      const hub = runHub(test, folder, { FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' });
      const address = await hub.listening();
      const senders = Array.from({ length: 20 }, async () => {
        for (;;) {
          const path = `/p${sent++}`;
          blog.put(path, aPost({ link: 'http://hub.test/t/night-sky', title: `Post ${path}` }));
          const answer = await ping(address, blog.at(path)).catch(() => null);
          if (!answer) return;
          if (answer.error === '0') acknowledged.push(path);
        }
      });
      await until(() => acknowledged.length > 60 * (round + 1));
      hub.child.kill('SIGKILL');
      await Promise.all(senders);
      await hub.ended();
      lines = hub.errors();
    }
    const hub = runHub(test, folder, { FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' });
    await hub.listening();
    const list = () => new DatabaseSync(join(folder, 'topichub.sqlite'), { readOnly: true });
    await until(
      () => {
        const db = list();
        const waiting = db.prepare("SELECT count(*) AS n FROM mentions WHERE status = 'pending'").get()?.[
          'n'
        ];
        db.close();
        return waiting === 0;
      },
      `nothing to be pending any more (${lines.slice(-300)})`,
    );
    const db = list();
    const listed = db.prepare("SELECT source_url AS url FROM mentions WHERE status = 'listed'").all();
    const paths = listed.map(row => new URL(String(row['url'])).pathname);
    const { posts } = db.prepare("SELECT posts FROM topics WHERE slug = 'night-sky'").get() as {
      posts: number;
    };
    db.close();
    assert.equal(new Set(paths).size, paths.length, 'none twice');
    assert.deepEqual(
      acknowledged.filter(path => !paths.includes(path)),
      [],
      'none lost',
    );
    assert.equal(posts, paths.length, 'the counter is true');
  });
});

describe('the health addresses', () => {
  it('say alive, ready, and what is counted, to loopback only', async test => {
    const hub = runHub(test, aFolder(test));
    const address = await hub.listening();
    assert.equal(await (await fetch(`${address}/livez`)).text(), 'alive\n');
    assert.equal(await (await fetch(`${address}/readyz`)).text(), 'ready\n');
    await ping(address, 'nonsense');
    const metrics = await (await fetch(`${address}/metrics`)).text();
    assert.match(metrics, /topichub_pings_total\{door="trackback",outcome="bad-address"\} 1/);
    assert.match(metrics, /topichub_looks_due 0/);
    const proxied = await fetch(`${address}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    assert.equal(proxied.status, 403);
  });

  it('ask for the token where one is set', async test => {
    const hub = runHub(test, aFolder(test), { METRICS_TOKEN: 'secret' });
    const address = await hub.listening();
    assert.equal((await fetch(`${address}/metrics`)).status, 401);
    const headers = { authorization: 'Bearer secret' };
    assert.equal((await fetch(`${address}/metrics`, { headers })).status, 200);
    assert.doesNotMatch(hub.errors(), /secret/);
  });
});
