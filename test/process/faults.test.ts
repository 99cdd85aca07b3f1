import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { aBlog } from '../support/blog.ts';
import { aFolder } from '../support/folder.ts';
import { linesOf, type Running, run, runHub } from '../support/process.ts';
import { slowSenders } from '../support/slow-senders.ts';
import { until } from '../support/until.ts';

const PRELOAD = '--import=./test/support/break-as-asked.ts';

const aBreakingHub = (test: TestContext, folder: string, env: Record<string, string> = {}): Running =>
  runHub(test, folder, { NODE_OPTIONS: PRELOAD, ...env });

const fetchBreaking = (address: string, times: number, body?: URLSearchParams | string): Promise<Response> =>
  fetch(address, {
    headers: { 'x-break': String(times) },
    ...(body === undefined ? {} : { method: 'POST', body }),
  });

describe('Z10 a handler that fails', () => {
  const PAGES = [
    ...['/', '/t/night-sky', '/t/night-sky?before=x', '/t/night-sky.rss', '/feed.json?in=night-sky'],
    ...['/t/night-sky/follow', '/t/night-sky/trackback', '/submit', '/how-to-ping', '/where-is-my-ping'],
    ...['/where-is-my-ping?url=http://blog.example/1', '/pings/none', '/nowhere', '/t/%ff'],
    ...['/livez', '/readyz', '/metrics'],
  ];
  const source = 'http://blog.example/1';
  const target = (address: string) => `${address}/t/night-sky`;

  it('A16 costs its request (500), nobody sees where, and the process lives', async test => {
    const hub = aBreakingHub(test, aFolder(test));
    const address = await hub.listening();
    for (const path of PAGES) {
      const answer = await fetchBreaking(address + path, 1);
      assert.equal(answer.status, 500, path);
      assert.doesNotMatch(await answer.text(), /nobody expected|\.ts/, path);
      // The health addresses answer without the rest of the house: a worker has no other.
      const plain = /^\/(?:livez|readyz|metrics)$/.test(path);
      assert.match(String(answer.headers.get('content-type')), plain ? /^text\/plain/ : /^text\/html/, path);
    }
    const form = new URLSearchParams({ source, target: target(address) });
    assert.equal((await fetchBreaking(`${address}/webmention`, 1, form)).status, 500);
    const submitted = new URLSearchParams({ url: source, topic: 'night-sky' });
    assert.equal((await fetchBreaking(`${address}/submit`, 1, submitted)).status, 500);

    assert.equal(hub.child.exitCode, null);
    for (const path of PAGES) assert.notEqual((await fetch(address + path)).status, 500, path);
    assert.equal(linesOf(hub).filter(line => line.level === 50).length, PAGES.length + 2);
  });

  it('is answered in the words of its protocol', async test => {
    const hub = aBreakingHub(test, aFolder(test));
    const address = await hub.listening();
    const trackback = await fetchBreaking(
      `${address}/t/night-sky/trackback`,
      1,
      new URLSearchParams({ url: source }),
    );
    assert.equal(trackback.status, 200);
    assert.match(await trackback.text(), /<error>1<\/error>\s*<message>Something broke on our side/);
    const call = `<methodCall><methodName>pingback.ping</methodName><params><param><value>${source}</value></param><param><value>${target(address)}</value></param></params></methodCall>`;
    const pingback = await fetchBreaking(`${address}/pingback`, 1, call);
    assert.equal(pingback.status, 200);
    assert.match(await pingback.text(), /<fault>/);
  });

  it('may be that of a finished page, and of the page that says so', async test => {
    const hub = aBreakingHub(test, aFolder(test));
    const address = await hub.listening();
    const page = `${address}/t/night-sky`;
    await until(async () => (await fetch(page)).status === 200);
    const rendered = await fetchBreaking(page, 1);
    assert.equal(rendered.status, 200, 'Express tries again what could not be sent in front of it');
    assert.match(await rendered.text(), /Night sky/i);
    assert.equal((await fetchBreaking(page, 2)).status, 500);
    const last = await fetchBreaking(`${address}/submit`, 2);
    assert.equal(last.status, 500);
    assert.doesNotMatch(await last.text(), /nobody expected|\.ts/);
    assert.equal(await (await fetch(`${address}/livez`)).text(), 'alive\n');
  });
});

describe('Z10 an error nobody expected', () => {
  for (const [fault, origin] of [
    ['exception', 'uncaughtException'],
    ['rejection', 'unhandledRejection'],
  ] as const) {
    it(`(${fault}) is logged and ends the process with 1, and no ping is lost that was answered`, async test => {
      const folder = aFolder(test);
      const blog = await aBlog(test);
      blog.put('/never', () => {});
      const hub = aBreakingHub(test, folder, { FETCH_ALLOW: blog.pair });
      const address = await hub.listening();
      const ping = async (url: string) =>
        (
          await fetch(`${address}/t/night-sky/trackback`, {
            method: 'POST',
            body: new URLSearchParams({ url }),
          })
        ).text();
      await ping(blog.at('/never'));
      await until(() => blog.requests.length === 1, 'a look to be under way');
      const halfSent = await slowSenders(Number(new URL(address).port), 20);
      const receipts = new Map<string, string>();
      let sent = 0;
      const senders = Array.from({ length: 20 }, async () => {
        for (;;) {
          const url = `http://blog.example/${fault}/${sent++}`;
          const answer = await ping(url).catch(() => null);
          if (answer === null) return;
          const [receipt] = /\/pings\/\w+/.exec(answer) ?? [];
          if (receipt) receipts.set(receipt, url);
        }
      });
      await until(() => receipts.size > 60);
      halfSent.finish();
      await fetch(`${address}/livez`, { headers: { 'x-break': fault } }).catch(() => {});
      assert.equal(await hub.ended(), 1);
      await Promise.all(senders);
      const fatal = linesOf(hub).filter(line => line.level === 60);
      assert.equal(fatal.length, 1);
      assert.equal(fatal[0]?.origin, origin);
      assert.match(String(fatal[0]?.err?.stack), /nobody expected this\n +at /);

      const answered = halfSent.answers().flatMap(answer => /\/pings\/\w+/.exec(answer) ?? []);
      for (const receipt of answered) receipts.set(receipt, 'http://blog.example/');
      const next = await runHub(test, folder).listening();
      for (const [receipt, url] of receipts) {
        const kept = await fetch(next + receipt, { headers: { accept: 'application/json' } });
        assert.equal(kept.status, 200, receipt);
        assert.ok(((await kept.json()) as { source: string }).source.startsWith(url), url);
      }
    });
  }

  it('ends it, too, when its log has nowhere to go', async test => {
    const hub = run(test, 'sh', ['-c', `exec ${process.execPath} ${PRELOAD} server/main.ts 2>/dev/full`], {
      env: { PORT: '0', DATA_DIR: aFolder(test) },
    });
    const address = await hub.listening();
    await fetch(`${address}/livez`, { headers: { 'x-break': 'exception' } }).catch(() => {});
    await until(() => hub.child.exitCode !== null, 'the process to end');
    assert.equal(hub.child.exitCode, 1);
  });
});
