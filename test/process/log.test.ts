import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aBlog, aPost } from '../support/blog.ts';
import { aFolder } from '../support/folder.ts';
import { linesOf, runHub } from '../support/process.ts';
import { sendRaw } from '../support/raw-client.ts';
import { until } from '../support/until.ts';

const PRELOAD = '--import=./test/support/break-as-asked.ts';

const aCall = (source: string, target: string) =>
  `<methodCall><methodName>pingback.ping</methodName><params><param><value>${source}</value></param><param><value>${target}</value></param></params></methodCall>`;

describe('the log', () => {
  it('A15 is one object on each line, and none that a sender made up, whatever words and addresses it is sent', async test => {
    const forged = '\r\n{"level":60}';
    const blog = await aBlog(test);
    const hub = runHub(test, aFolder(test), {
      FETCH_ALLOW: blog.pair,
      LOG_LEVEL: 'debug',
      NODE_OPTIONS: PRELOAD,
    });
    const address = await hub.listening();
    const target = `${address}/t/night-sky`;
    const words = `Orion${forged}`;
    const source = `http://blog.example/1${forged}`;
    blog.put('/1', aPost({ link: target, title: words }));
    const post = (
      path: string,
      body: Record<string, string> | string,
      headers: Record<string, string> = {},
    ) =>
      fetch(address + path, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : new URLSearchParams(body),
      });

    await post('/t/night-sky/trackback', {
      url: blog.at('/1'),
      title: words,
      excerpt: words,
      blog_name: words,
    });
    await until(async () => (await (await fetch(target)).text()).includes('Orion'), 'the post to be listed');
    await post('/t/night-sky/trackback', { url: source });
    await post(`/t/${encodeURIComponent(`night-sky${forged}`)}/trackback`, { url: blog.at('/1') });
    await post('/webmention', { source, target });
    await post('/webmention', { source: blog.at('/1'), target: target + forged });
    await post('/pingback', aCall(source.replaceAll('\r', '&#13;').replaceAll('\n', '&#10;'), target));
    await post('/submit', { url: source, topic: 'night-sky' });
    await post('/submit', { url: blog.at('/1'), topic: `night-sky${forged}` });
    const broken = await fetch(`${address}/t/${encodeURIComponent(forged)}`, { headers: { 'x-break': '1' } });
    assert.equal(broken.status, 500);
    hub.child.kill('SIGTERM');
    assert.equal(await hub.ended(), 0);

    const lines = linesOf(hub);
    assert.deepEqual(
      lines.filter(line => typeof line.level !== 'number' || line.level >= 60),
      [],
    );
    // None of this is about nothing: what was sent is there, inside of its own line.
    const held = (what: 'source' | 'topic') => lines.filter(line => line[what]?.includes(forged)).length;
    assert.deepEqual([held('source'), held('topic')], [4, 2]);
    assert.equal(lines.filter(line => line.msg === 'a request broke').length, 1);
  });

  it('A17 holds no password, no cookie and no Authorization, of whomever the hub serves, turns away or fails', async test => {
    const secrets = ['hunter2', btoa('keeper:hunter2'), 'cookie-of-mine', 'bearer-of-mine', 'token-of-ours'];
    const hub = runHub(test, aFolder(test), {
      METRICS_TOKEN: 'token-of-ours',
      LOG_LEVEL: 'debug',
      NODE_OPTIONS: PRELOAD,
    });
    const address = await hub.listening();
    const source = 'http://blog.example/1';
    const target = `${address}/t/night-sky`;
    const cookie = 'session=cookie-of-mine';
    const requests: [path: string, body?: URLSearchParams | string][] = [
      ...['/', '/t/night-sky', '/nowhere', '/t/%ff', '/livez', '/metrics'].map((path): [string] => [path]),
      ['/t/night-sky/trackback', new URLSearchParams({ url: source })],
      ['/t/night-sky/trackback', new URLSearchParams({ url: 'nonsense' })],
      ['/webmention', new URLSearchParams({ source, target })],
      ['/pingback', aCall(source, target)],
      ['/submit', new URLSearchParams({ url: source, topic: 'night-sky' })],
    ];
    for (const [path, body] of requests) {
      const send = (authorization: string, tries: number) =>
        fetch(address + path, {
          headers: { authorization, cookie, 'x-break': String(tries) },
          redirect: 'manual',
          ...(body === undefined ? {} : { method: 'POST', body }),
        });
      await send('Bearer bearer-of-mine', 0);
      await send(`Basic ${btoa('keeper:hunter2')}`, 1);
    }
    const metrics = (bearer: string) =>
      fetch(`${address}/metrics`, { headers: { authorization: `Bearer ${bearer}`, cookie } });
    assert.equal((await metrics('bearer-of-mine')).status, 401);
    assert.equal((await metrics('token-of-ours')).status, 200);
    const ambiguous = `GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nCookie: ${cookie}\r\n\r\n`;
    assert.match(await sendRaw({ address }, ambiguous), /^HTTP\/1\.1 400 /);
    const last = { authorization: 'Bearer bearer-of-mine', cookie, 'x-break': 'exception' };
    await fetch(`${address}/livez`, { headers: last }).catch(() => {});
    assert.equal(await hub.ended(), 1);

    const lines = linesOf(hub);
    assert.equal(lines.filter(line => line.level === 50).length, requests.length, 'each was failed once');
    assert.equal(lines.filter(line => line.level === 60).length, 1);
    assert.ok(lines.filter(line => line.msg === 'ping').length >= 5);
    for (const secret of secrets) assert.equal(hub.errors().includes(secret), false, secret);
  });
});
