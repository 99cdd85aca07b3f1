import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { after, describe, it, type TestContext } from 'node:test';
import { aPost } from '../support/blog.ts';
import { NO_ADDRESS, NOT_PUBLIC } from '../support/not-public.ts';
import { DOORS, preview } from './doors.ts';
import { anOutsideHub } from './hub.ts';
import { aWorld } from './world.ts';
import { aName, aZone, HOSTILE_NAMES, isBlog } from './zone.ts';

const TOPIC = 'night-sky';
const HONEST_TOPIC = 'bread-baking';
const POST = aPost({ link: `https://hub.example/t/${TOPIC}` });
/** A page that names every kind of address that somebody might fetch besides. */
const LURE = aPost({
  link: `https://hub.example/t/${TOPIC}`,
  text: `<a class="h-card u-url" href="http://169.254.169.254/"><img class="u-photo" src="http://10.0.0.1/me"></a>
    <iframe src="http://127.0.0.1/"></iframe><script src="http://127.0.0.1/x.js"></script>`,
  head: `<link rel="icon" href="http://127.0.0.1/icon"><link rel="canonical" href="http://127.0.0.1/post">
    <link rel="stylesheet" href="http://[::1]/x.css"><meta property="og:image" content="http://10.0.0.1/i">
    <meta http-equiv="refresh" content="0;url=http://169.254.169.254/"><base href="https://hub.example/">
    <link rel="pingback" href="http://127.0.0.1/"><link rel="alternate" type="application/json+oembed" href="http://[fd00::1]/">`,
});

/** Every server of this world: whoever is reached where nobody may be reached would be listed for it. */
const answer: RequestListener = (request, response) => {
  const [, kind, argument = ''] = String(request.url).split('/');
  const redirect = (to: string) => void response.writeHead(302, { Location: to }).end();
  if (kind === 'to') return redirect(decodeURIComponent(argument));
  if (kind === 'chain' && argument !== '0') return redirect(`/chain/${Number(argument) - 1}`);
  if (kind === 'loop') return redirect(`/loop/${1 - Number(argument)}`);
  const title = `Bread of ${request.headers.host}`;
  const bread = aPost({ link: `https://hub.example/t/${HONEST_TOPIC}`, title });
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(kind === 'bread' ? bread : kind === 'lure' ? LURE : POST);
};

const allAlong: Parameters<typeof aWorld>[0] = { after: after as TestContext['after'] };
const world = await aWorld(allAlong, aZone(), answer);
const hub = await anOutsideHub(allAlong);

/** Where connections went since the last time that they should not have gone. */
let seen = 0;
function astray(): string[] {
  const fresh = world.hits.slice(seen);
  seen = world.hits.length;
  return fresh.filter(({ to }) => !isBlog(to)).map(({ to, port }) => `${to}:${port}`);
}

const LITERALS = [
  ...Object.values(NOT_PUBLIC)
    .flat()
    .map(address => `${address}post`),
  ...NO_ADDRESS,
];

/** Gives every source in at every door, and waits for the looks at those that were taken. */
async function giveInEverywhere(sources: (door: string) => string[]) {
  const taken: string[] = [];
  for (const [door, giveIn] of Object.entries(DOORS)) {
    for (const source of sources(door)) if (await giveIn(hub, source, TOPIC)) taken.push(source);
  }
  for (const source of sources('preview')) {
    assert.doesNotMatch(await preview(hub, source, TOPIC), /Your post would be on/, source);
  }
  return { taken, looks: await hub.lookedAt(taken) };
}

describe('what is not public is connected to by nobody', () => {
  it('and somebody who did would be seen', async () => {
    const addresses = ['127.0.0.1', '10.0.0.1', '192.168.1.1', '169.254.169.254', '::1', 'fd00::1'];
    for (const [host, port] of addresses.flatMap(host => [80, 443, 22, 6379].map(port => [host, port]))) {
      const socket = connect({ host: String(host), port: Number(port) });
      await once(socket, 'connect');
      socket.destroy();
    }
    assert.equal(astray().length, addresses.length * 4);
  });

  it('U01-U36 as a literal in any notation, or by a name or port that is not of the web', async () => {
    const { taken } = await giveInEverywhere(() => LITERALS);
    assert.deepEqual(taken, []);
    assert.deepEqual(astray(), []);
    assert.deepEqual(world.asked, [], 'not even their names are looked up');
  });

  it('D01 D02 D06 D07 D08 through a name', async () => {
    const { taken, looks } = await giveInEverywhere(() =>
      HOSTILE_NAMES.map(kind => `http://${aName(kind)}/post`),
    );
    assert.equal(taken.length, HOSTILE_NAMES.length * Object.keys(DOORS).length);
    for (const { source, saw } of looks)
      assert.match(saw, /-d0[78]-/.test(source) ? /^dns$/ : /^not-public$/, source);
    assert.deepEqual(astray(), []);
  });

  it('F01 F02 F04 through a redirect', async () => {
    const { looks } = await giveInEverywhere(() =>
      [
        ...LITERALS.filter(to => to.length < 1_000),
        ...HOSTILE_NAMES.map(kind => `http://${aName(kind)}/post`),
      ]
        .filter(to => !/[\r\n\t]/.test(to))
        .map(to => `http://${aName('blog')}/to/${encodeURIComponent(to)}`),
    );
    assert.notEqual(looks.length, 0);
    for (const { source, status } of looks) assert.notEqual(status, 'listed', source);
    assert.deepEqual(astray(), []);
  });

  it('F05 F06 nor after any number of redirects', async () => {
    const { looks } = await giveInEverywhere(() => [
      `http://${aName('blog')}/chain/6`,
      `http://${aName('blog')}/chain/50`,
      `http://${aName('blog')}/loop/0`,
      `http://${aName('blog')}/to/${encodeURIComponent(`http://${aName('blog')}/to/http%3A%2F%2F127.0.0.1%2Fpost`)}`,
    ]);
    for (const { source, status } of looks) assert.notEqual(status, 'listed', source);
    assert.deepEqual(astray(), []);
  });

  it('D03 though names change their mind, a thousand times', async () => {
    const looks: Awaited<ReturnType<typeof hub.lookedAt>> = [];
    while (looks.length < 1_000) {
      const sources = Array.from(
        { length: 100 },
        (_, n) => `http://${aName(n % 2 ? 'rebind' : 'unbind')}/post`,
      );
      const taken = await Promise.all(sources.map(source => DOORS['trackback']?.(hub, source, TOPIC)));
      assert.ok(taken.every(Boolean));
      looks.push(...(await hub.lookedAt(sources)));
    }
    assert.deepEqual(astray(), []);
    assert.ok(
      looks.filter(look => look.saw === 'linked').length > 400,
      'the first answer is the one that is used',
    );
    assert.ok(looks.filter(look => look.saw === 'not-public').length > 400);
  });

  it('F09 though the page of a post names it', async () => {
    const source = `http://${aName('blog')}/lure`;
    assert.ok(await DOORS['webmention']?.(hub, source, TOPIC));
    assert.equal((await hub.lookedAt([source]))[0]?.status, 'listed');
    assert.deepEqual(astray(), []);
  });
});

describe('the honest blogs beside them', () => {
  it('are listed, whichever door they came through, over HTTP, HTTPS and IPv6', async () => {
    const given: string[] = [];
    for (const giveIn of Object.values(DOORS)) {
      for (const source of [
        `http://${aName('blog')}/bread/http`,
        `http://${aName('six')}:8080/bread/six`,
        `https://blog.test/bread/${given.length}`,
      ]) {
        assert.ok(await giveIn(hub, source, HONEST_TOPIC), source);
        given.push(source);
      }
    }
    for (const look of await hub.lookedAt(given)) assert.equal(look.status, 'listed', look.source);
    const page = await hub.text(`/t/${HONEST_TOPIC}`);
    for (const source of given) assert.ok(page.includes(`href="${source}"`), source);
    assert.deepEqual(astray(), []);
  });

  it('F05 are listed after five redirects, too', async () => {
    const source = `http://${aName('blog')}/chain/5`;
    assert.ok(await DOORS['trackback']?.(hub, source, TOPIC));
    assert.equal((await hub.lookedAt([source]))[0]?.status, 'listed');
  });

  it('are shown in a preview', async () => {
    const page = await preview(hub, `https://blog.test/post`, TOPIC);
    assert.match(page, /Your post would be on/);
  });
});
