import assert from 'node:assert/strict';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aBlog, aPost } from '../support/blog.ts';
import { aFolder } from '../support/folder.ts';
import { readAnswer } from '../support/hub.ts';
import { run, runHub } from '../support/process.ts';
import { until } from '../support/until.ts';

const post = async (address: string, fields: Record<string, string>) =>
  (await fetch(address, { method: 'POST', body: new URLSearchParams(fields) })).text();

const ping = async (address: string, url: string) =>
  readAnswer(await post(`${address}/t/night-sky/trackback`, { url }));

describe('a hub that looks in a thread of its own', () => {
  it('shows a post as soon as it is listed, and counts the look', async test => {
    const blog = await aBlog(test);
    const hub = runHub(test, aFolder(test), { FETCH_ALLOW: blog.pair });
    const address = await hub.listening();
    const text = async (path: string) => (await fetch(address + path)).text();
    blog.put('/1', aPost({ link: `${address}/t/night-sky` }));
    assert.doesNotMatch(await text('/t/night-sky'), /Orion in winter/);
    assert.equal((await ping(address, blog.at('/1'))).error, '0');
    await until(async () => (await text('/t/night-sky')).includes('Orion in winter'));
    assert.equal(blog.requests[0]?.headers['x-pingback-forwarded-for'], undefined);
    assert.equal(
      blog.requests[0]?.headers['user-agent'],
      `topichub (topichub; ${address}/; looking for the link of a ping)`,
    );
    assert.match(await text('/metrics'), /topichub_looks_total\{saw="linked"\} 1/);
    assert.match(hub.errors(), /"msg":"look"/);
  });

  it('or, where sites are told who asked, in the main one, which knows', async test => {
    const blog = await aBlog(test);
    const hub = runHub(test, aFolder(test), { FETCH_ALLOW: blog.pair, FETCH_NAME_SENDER: 'on' });
    const address = await hub.listening();
    for (let n = 1; n <= 30; n++) {
      await ping(address, blog.at(`/${n}`));
      await until(() => blog.requests.length === n);
    }
    const named = new Set(blog.requests.map(one => one.headers['x-pingback-forwarded-for']));
    assert.deepEqual([...named], ['127.0.0.1']);
  });

  it('previews there, too, whatever comes of it', async test => {
    const blog = await aBlog(test);
    const hub = runHub(test, aFolder(test), { FETCH_ALLOW: blog.pair });
    const address = await hub.listening();
    const preview = (url: string) => post(`${address}/submit`, { url, topic: 'night-sky', do: 'preview' });
    blog.put('/1', aPost({ link: `${address}/t/night-sky` }));
    assert.match(await preview(blog.at('/1')), /Your post would be on/);
    assert.match(await preview(blog.at('/none')), /404/);
  });

  it('looks after a start at what the process before it owed, without another ping', async test => {
    const [blog, folder] = [await aBlog(test), aFolder(test)];
    blog.put('/1', () => {});
    const killed = runHub(test, folder, { FETCH_ALLOW: blog.pair });
    assert.equal((await ping(await killed.listening(), blog.at('/1'))).error, '0');
    await until(() => blog.requests.length === 1, 'a look to be under way');
    killed.child.kill('SIGKILL');
    await killed.ended();

    const next = runHub(test, folder, { FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' });
    blog.put('/1', aPost({ link: 'http://hub.test/t/night-sky' }));
    const address = await next.listening();
    await until(async () =>
      (await (await fetch(`${address}/t/night-sky`)).text()).includes('Orion in winter'),
    );
  });

  it('settles what is being looked at before it stops', async test => {
    const [blog, folder] = [await aBlog(test), aFolder(test)];
    let answer = () => {};
    blog.put('/1', (_request, response) => {
      answer = () =>
        response
          .writeHead(200, { 'Content-Type': 'text/html' })
          .end(aPost({ link: 'http://hub.test/t/night-sky' }));
    });
    const env = { FETCH_ALLOW: blog.pair, BASE_URL: 'http://hub.test' };
    const hub = runHub(test, folder, env);
    await ping(await hub.listening(), blog.at('/1'));
    await until(() => blog.requests.length === 1, 'a look to be under way');
    hub.child.kill('SIGTERM');
    await until(() => hub.errors().includes('"msg":"stopping"'));
    answer();
    assert.equal(await hub.ended(), 0);
    const next = runHub(test, folder, env);
    assert.match(await (await fetch(`${await next.listening()}/t/night-sky`)).text(), /Orion in winter/);
    assert.equal(blog.requests.length, 1);
  });

  it('ends with 1 when its store is gone by the time that thread opens it, and makes no other', async test => {
    const folder = join(aFolder(test), 'data');
    const hub = runHub(test, folder);
    const address = await hub.listening();
    renameSync(folder, `${folder}-elsewhere`);
    const { body } = await ping(address, 'http://blog.example/1');
    assert.equal(await hub.ended(), 1);
    assert.match(hub.errors(), /"level":60.*cannot be used/);
    assert.equal(existsSync(folder), false);
    renameSync(`${folder}-elsewhere`, folder);
    const [receipt] = /\/pings\/\w+/.exec(body) ?? [];
    assert.equal((await fetch((await runHub(test, folder).listening()) + receipt)).status, 200);
  });

  it('Z10 ends with 1 when that thread meets an error nobody expected, and loses no ping', async test => {
    const folder = aFolder(test);
    const hub = run(
      test,
      process.execPath,
      ['--import=./test/support/break-the-verifier.ts', 'server/main.ts'],
      { env: { PORT: '0', DATA_DIR: folder } },
    );
    const { body } = await ping(await hub.listening(), 'http://blog.example/1');
    assert.equal(await hub.ended(), 1);
    assert.match(hub.errors(), /"level":60.*nobody expected this/);
    const [receipt] = /\/pings\/\w+/.exec(body) ?? [];
    assert.equal((await fetch((await runHub(test, folder).listening()) + receipt)).status, 200);
  });
});
