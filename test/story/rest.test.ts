import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { aPost } from '../support/blog.ts';
import { HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { anOpenNet } from '../support/open-net.ts';
import { until } from '../support/until.ts';

const TOPIC = 'night-sky';

/** A post on an open net, pinged through any door, with what the store and its blog know of it. */
async function aPostThere(test: TestContext) {
  const { hub, blog, at } = await anOpenNet(test);
  const source = at('blog.test', '/orion');
  const target = hub.hub.urls.topic(TOPIC);
  const topic = await hub.storage.topics.bySlug(TOPIC);
  const found = async () => {
    const all = await hub.storage.mentions.all(topic?.id ?? '', 1);
    return all[0] ?? assert.fail('nothing was taken');
  };
  return {
    hub,
    blog,
    source,
    target,
    looks: () => blog.requests.length,
    found,
    /** Waits until the worker has put what it did with a claim down. */
    becomes: (what: (mention: Awaited<ReturnType<typeof found>>) => boolean) =>
      until(async () => {
        const mention = await found();
        return what(mention) && mention;
      }),
    trackback: (words: Record<string, string> = {}) => hub.ping(TOPIC, { url: source, ...words }),
    webmention: () => sendMention(hub, source, target),
  };
}

async function sendMention(hub: TestHub, source: string, target: string): Promise<void> {
  const body = new URLSearchParams({ source, target });
  const { status } = await fetch(`${hub.address}/webmention`, { method: 'POST', body });
  assert.equal(status, 201);
}

const settledFromRead = (hub: TestHub) =>
  hub.logged.filter(line => line['msg'] === 'a ping was settled from what was read').length;

describe('a ping within 30 seconds of a look', () => {
  it('takes over words that the look has read, and costs the blog nothing', async test => {
    const { hub, blog, looks, becomes, trackback, webmention, target } = await aPostThere(test);
    blog.put('/orion', aPost({ link: target }));
    await webmention();
    const first = await becomes(({ status }) => status === 'listed');
    assert.equal(first.shown?.title, 'Orion in winter');
    hub.clock.advance(5 * SECOND);
    await trackback({ title: 'ORION in Winter!', blog_name: 'Starlight' });
    await until(() => settledFromRead(hub) === 1);
    const { shown, due, history, listedAt } = await becomes(({ doors }) => doors.length === 2);
    assert.equal(shown?.title, 'ORION in Winter!');
    assert.ok((await hub.text(`/t/${TOPIC}`)).includes('ORION in Winter!'));
    assert.equal(due, hub.clock.now() + HOUR);
    assert.equal(listedAt, first.listedAt);
    assert.equal(history.filter(event => event.kind === 'looked').length, 1);
    assert.equal(looks(), 1);
  });

  it('has words looked for that were not kept, when the 30 seconds are over', async test => {
    const { hub, blog, looks, becomes, trackback, webmention, target } = await aPostThere(test);
    blog.put('/orion', aPost({ link: target, text: 'Far below the text. Three stars in a row, seen with' }));
    await webmention();
    await becomes(({ status }) => status === 'listed');
    hub.clock.advance(10 * SECOND);
    const at = hub.clock.now();
    await trackback({ excerpt: 'The night sky topic in mind' });
    await until(() => settledFromRead(hub) === 1);
    await trackback({ excerpt: 'nowhere on the page' });
    await becomes(({ due }) => due === at + 20 * SECOND);
    assert.equal(looks(), 1);
    hub.later(20 * SECOND);
    const { shown, attempts } = await becomes(({ evidence }) => evidence?.at === hub.clock.now());
    assert.equal(attempts, 0);
    assert.notEqual(shown?.excerpt, 'nowhere on the page');
    assert.equal(looks(), 2);
  });

  it('has a post without the link looked at again, when the 30 seconds are over', async test => {
    const { hub, blog, looks, becomes, trackback, target } = await aPostThere(test);
    blog.put('/orion', aPost());
    await trackback();
    await becomes(({ status }) => status === 'unlinked');
    blog.put('/orion', aPost({ link: target }));
    hub.clock.advance(SECOND);
    const at = hub.clock.now();
    await trackback();
    await becomes(({ due }) => due === at + 29 * SECOND);
    assert.equal(looks(), 1);
    hub.later(29 * SECOND);
    await becomes(({ status }) => status === 'listed');
  });

  it('is looked at at once when the 30 seconds are over', async test => {
    const { hub, blog, looks, becomes, trackback, target } = await aPostThere(test);
    blog.put('/orion', aPost({ link: target }));
    await trackback();
    await becomes(({ status }) => status === 'listed');
    hub.clock.advance(30 * SECOND);
    await trackback();
    await until(() => looks() === 2);
  });

  it('is looked at at once when the clock was set back meanwhile, as nobody knows how long ago that was', async test => {
    const { hub, blog, looks, becomes, trackback, target } = await aPostThere(test);
    blog.put('/orion', aPost({ link: target }));
    await trackback();
    await becomes(({ status }) => status === 'listed');
    hub.clock.advance(-HOUR);
    await trackback();
    await until(() => looks() === 2);
  });
});

describe('a ping within ten minutes of a failure', () => {
  it('joins the ladder', async test => {
    const { hub, looks, becomes, found, trackback } = await aPostThere(test);
    await trackback();
    const failed = await becomes(({ tries }) => tries === 1);
    for (const [wait, tries] of [
      [30 * SECOND, 2],
      [5 * MINUTE, 3],
    ] as const) {
      await trackback();
      await trackback();
      hub.later(wait);
      await becomes(mention => mention.tries === tries);
    }
    assert.equal(looks(), 3);
    const at = hub.clock.now();
    hub.clock.advance(10 * MINUTE - 1);
    await trackback();
    assert.deepEqual([(await found()).due, (await found()).tries], [at + HOUR, 3]);
    hub.clock.advance(1);
    await trackback();
    await until(() => looks() === 4);
    await becomes(({ tries, evidence }) => tries === 1 && evidence?.at === hub.clock.now());
    assert.equal(failed.status, 'pending');
  });

  it('is looked at when they are over, if the ladder has ended', async test => {
    const { hub, blog, looks, becomes, trackback, target } = await aPostThere(test);
    blog.put('/orion', (_request, response) =>
      response.writeHead(404, { 'Content-Type': 'text/html' }).end(),
    );
    await trackback();
    for (const [wait, tries] of [
      [0, 1],
      [30 * SECOND, 2],
      [5 * MINUTE, 3],
      [HOUR, 4],
    ] as const) {
      hub.later(wait);
      await becomes(mention => mention.tries === tries);
    }
    hub.later(24 * HOUR);
    await becomes(({ status }) => status === 'unreachable');
    assert.equal(looks(), 5);
    const at = hub.clock.now();
    blog.put('/orion', aPost({ link: target }));
    hub.clock.advance(MINUTE);
    await trackback();
    await becomes(({ due }) => due === at + 10 * MINUTE);
    hub.later(9 * MINUTE);
    await becomes(({ status }) => status === 'listed');
    assert.equal(looks(), 6);
  });
});

describe('a site that asks for a pause', () => {
  it('gets it, whoever pings or presses the button, for a day at most', async test => {
    const { hub, blog, looks, becomes, found, trackback } = await aPostThere(test);
    blog.put('/orion', (_request, response) =>
      response.writeHead(503, { 'Content-Type': 'text/html', 'Retry-After': '7200' }).end(),
    );
    await trackback();
    const { id, due } = await becomes(({ tries }) => tries === 1);
    assert.equal(due, hub.clock.now() + 2 * HOUR);
    hub.clock.advance(HOUR);
    await trackback();
    assert.equal((await found()).due, due);
    const pressed = await fetch(`${hub.address}/pings/${id}/look`, { method: 'POST', redirect: 'manual' });
    assert.equal(pressed.status, 429);
    assert.equal(pressed.headers.get('retry-after'), '3600');
    assert.match(await pressed.text(), /Your blog asked us to wait/);
    assert.equal(looks(), 1);
    blog.put('/orion', (_request, response) =>
      response.writeHead(429, { 'Content-Type': 'text/html', 'Retry-After': '9999999' }).end(),
    );
    hub.later(HOUR);
    const again = await becomes(({ tries }) => tries === 2);
    assert.equal(again.due, hub.clock.now() + 24 * HOUR);
  });

  it('in every topic of the post', async test => {
    const { hub, blog, source, looks, becomes, trackback } = await aPostThere(test);
    blog.put('/orion', (_request, response) =>
      response.writeHead(503, { 'Content-Type': 'text/html', 'Retry-After': '7200' }).end(),
    );
    await trackback();
    const { key } = await becomes(({ tries }) => tries === 1);
    const over = hub.clock.now() + 2 * HOUR;
    hub.clock.advance(MINUTE);
    assert.equal((await hub.ping('bread-baking', { url: source })).error, '0');
    const bread = await hub.storage.topics.bySlug('bread-baking');
    const waiting = await until(async () => {
      const mention = await hub.storage.mentions.find(bread?.id ?? '', key);
      return mention?.due === over && mention;
    });
    assert.equal(looks(), 1);
    assert.match(await hub.text(`/pings/${waiting.id}`), /Your blog asked us to wait/);
  });

  it('but not from the operator, in whichever of its topics that is', async test => {
    const { hub, blog, source, looks, becomes, trackback } = await aPostThere(test);
    const bread = await hub.storage.topics.bySlug('bread-baking');
    blog.put('/orion', (_request, response) =>
      response.writeHead(503, { 'Content-Type': 'text/html', 'Retry-After': '7200' }).end(),
    );
    await trackback();
    const { topicId, key } = await becomes(({ tries }) => tries === 1);
    const inBoth = () =>
      Promise.all([topicId, String(bread?.id)].map(topic => hub.storage.mentions.find(topic, key)));
    const bothDue = (due: number) =>
      until(async () => (await inBoth()).every(mention => mention?.due === due), `both due at ${due}`);
    await hub.ping('bread-baking', { url: source });
    await bothDue(hub.clock.now() + 2 * HOUR);
    hub.later(2 * HOUR);
    await bothDue(hub.clock.now() + 2 * HOUR);
    assert.equal(looks(), 2, 'one of which was for both');
    hub.clock.advance(MINUTE);
    assert.equal(await hub.storage.mentions.lookAgain(topicId, key, true), true);
    hub.hub.worker.wake();
    await becomes(({ evidence }) => evidence?.at === hub.clock.now());
    assert.equal(looks(), 3);
  });
});

describe('what FETCH_ALLOW names', () => {
  it('is looked at whenever somebody asks', async test => {
    const hub = await aHub(test);
    const url = hub.blog.at('/orion');
    await hub.ping(TOPIC, { url });
    await until(() => hub.blog.requests.length === 1);
    await until(() => hub.logged.filter(line => line['msg'] === 'look').length === 1);
    hub.blog.put('/orion', aPost({ link: hub.hub.urls.topic(TOPIC) }));
    await hub.ping(TOPIC, { url });
    await until(async () => (await hub.text(`/t/${TOPIC}`)).includes('Orion in winter'));
  });

  it('also when somebody asks during a look that fails', async test => {
    const hub = await aHub(test);
    const url = hub.blog.at('/orion');
    const answers: (() => void)[] = [];
    hub.blog.put('/orion', (_request, response) => answers.push(() => response.writeHead(404).end()));
    await hub.ping(TOPIC, { url });
    await until(() => answers.length === 1);
    await hub.ping(TOPIC, { url });
    answers[0]?.();
    await until(() => answers.length === 2);
    answers[1]?.();
  });
});
