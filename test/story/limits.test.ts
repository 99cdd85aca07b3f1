import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type Config, readConfig } from '../../server/config.ts';
import type { RateLimits } from '../../server/mentions/limit-pings.ts';
import { keyOf } from '../../server/mentions/source-key.ts';
import { SECOND } from '../support/clock.ts';
import { aHub, readAnswer, type TestHub } from '../support/hub.ts';
import { aCall, readResponse } from '../support/pingback.ts';
import { type Answered, type Sending, sendTo } from '../support/sender.ts';

const TOPIC = 'night-sky';
const DEFAULTS = readConfig({}).rateLimits as RateLimits;
const NONE: RateLimits = { sender: [], site: [], pair: [], topic: [], queue: null };

/** A hub with limits, which looks at nothing, so that all that happens is at its doors. */
const aLimitedHub = (test: TestContext, limits: Partial<RateLimits>, over: Partial<Config> = {}) =>
  aHub(test, { config: { role: 'web', rateLimits: { ...NONE, ...limits }, ...over } });

/** A TrackBack ping, and whether it was taken. */
async function ping(hub: TestHub, url: string, sending: Omit<Sending, 'body'> = {}, topic = TOPIC) {
  const { status, body } = await sendTo(hub, `/t/${topic}/trackback`, { ...sending, body: { url } });
  assert.equal(status, 200, body);
  const { error, message } = readAnswer(body);
  if (error === '0') return true;
  assert.match(String(message), /^Too many pings at once\. Send it again later\.$/);
  return false;
}

/** How many of these pings were taken. */
async function taken(hub: TestHub, pings: { url: string; sending?: Omit<Sending, 'body'> }[]) {
  const answers = await Promise.all(pings.map(({ url, sending }) => ping(hub, url, sending)));
  return answers.filter(Boolean).length;
}

const many = <Item>(count: number, make: (n: number) => Item): Item[] =>
  Array.from({ length: count }, (_, n) => make(n));
const post = (n: number, host = `blog${n}.example`) => `http://${host}/post-${n}`;
const loopback = (n: number) => `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`;

describe('a sender', () => {
  const SENDER = { sender: DEFAULTS.sender };

  it('R01: gets 30 pings a minute taken, of 100 that come at once from one IPv4 address', async test => {
    const hub = await aLimitedHub(test, SENDER);
    assert.equal(
      await taken(
        hub,
        many(100, n => ({ url: post(n) })),
      ),
      30,
    );
    assert.ok(await ping(hub, post(100), { from: '127.0.0.2' }), 'its neighbour is not asked to wait');
  });

  it('R02: is one /64, however many of its addresses it sends from', async test => {
    const hub = await aLimitedHub(test, SENDER, { trustProxy: ['127.0.0.1'] });
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    const pings = many(100, n => ({ url: post(n), sending: from(`2001:db8:1:2::${n.toString(16)}`) }));
    assert.equal(await taken(hub, pings), 30);
    assert.ok(await ping(hub, post(100), from('2001:db8:1:3::1')));
  });

  for (const [id, name, headers] of [
    ['R08', 'a new X-Forwarded-For each time', (n: number) => ({ 'X-Forwarded-For': `1.2.3.${n}` })],
    [
      'R09',
      'a list in X-Forwarded-For',
      (n: number) => ({ 'X-Forwarded-For': `1.1.1.${n}, 2.2.2.${n}, 3.3.3.${n}` }),
    ],
    [
      'R10',
      '10 KB of X-Forwarded-For',
      (n: number) => ({ 'X-Forwarded-For': many(900, m => `10.${n}.1.${m % 250}`).join(',') }),
    ],
    [
      'R12',
      'Forwarded, X-Real-IP and the like',
      (n: number) => ({
        Forwarded: `for=1.2.3.${n}`,
        'X-Real-IP': `1.2.3.${n}`,
        'CF-Connecting-IP': `1.2.3.${n}`,
        'True-Client-IP': `1.2.3.${n}`,
        'X-Client-IP': `1.2.3.${n}`,
      }),
    ],
  ] as const) {
    it(`${id}: changes nothing by ${name}`, async test => {
      const hub = await aLimitedHub(test, SENDER);
      const pings = many(40, n => ({ url: post(n), sending: { headers: headers(n) } }));
      assert.equal(await taken(hub, pings), 30);
    });
  }

  it('R09, R10, R12: behind one proxy, is whom that proxy names, and not what it was told', async test => {
    const hub = await aLimitedHub(test, SENDER, { trustProxy: 1 });
    const told = (n: number, named: string) => ({
      headers: {
        'X-Forwarded-For': `${many(n === 0 ? 900 : 2, m => `1.1.${n}.${m % 250}`).join(', ')}, ${named}`,
        'X-Real-IP': `9.9.9.${n}`,
        Forwarded: `for=8.8.8.${n}`,
      },
    });
    assert.equal(
      await taken(
        hub,
        many(40, n => ({ url: post(n), sending: told(n, '7.7.7.7') })),
      ),
      30,
    );
    assert.ok(await ping(hub, post(41), told(0, '7.7.7.8')), 'two clients of the proxy are two senders');
  });

  it('R11: is the same in IPv4 and as an IPv4 address within IPv6', async test => {
    const hub = await aLimitedHub(test, SENDER, { trustProxy: ['127.0.0.1'] });
    const names = ['1.2.3.4', '::ffff:1.2.3.4'];
    const from = (address: string) => ({ headers: { 'X-Forwarded-For': address } });
    const pings = many(40, n => ({ url: post(n), sending: from(String(names[n % 2])) }));
    assert.equal(await taken(hub, pings), 30);
    assert.ok(await ping(hub, post(41), from('::ffff:1.2.3.5')));
  });

  it('is believed only where its own proxy is', async test => {
    const hub = await aLimitedHub(
      test,
      { sender: [{ most: 1, seconds: 60 }] },
      { trustProxy: ['127.0.0.9'] },
    );
    const from = (address: string, named: string) => ({
      from: address,
      headers: { 'X-Forwarded-For': named },
    });
    assert.ok(await ping(hub, post(1), from('127.0.0.9', '1.1.1.1')));
    assert.ok(await ping(hub, post(2), from('127.0.0.9', '2.2.2.2')));
    assert.ok(await ping(hub, post(3), from('127.0.0.8', '3.3.3.3')));
    assert.ok(!(await ping(hub, post(4), from('127.0.0.8', '4.4.4.4'))));
  });

  it('is turned away before its body is read, and never named in the log', async test => {
    const hub = await aLimitedHub(test, { sender: [{ most: 1, seconds: 60 }] });
    const from = '127.0.0.77';
    assert.ok(await ping(hub, post(1), { from }));
    const tooLarge = await sendTo(hub, `/t/${TOPIC}/trackback`, { from, body: { url: 'x'.repeat(100_000) } });
    assert.match(tooLarge.body, /Too many pings at once/);
    assert.doesNotMatch(JSON.stringify(hub.logged), /127\.0\.0\.77/);
    assert.equal(hub.logged.filter(line => line['msg'] === 'a sender is over its limit').length, 1);
  });
});

describe('a blog', () => {
  const SITE = { site: DEFAULTS.site };

  it('R03: gets 120 pings a minute taken, however many addresses send them', async test => {
    const hub = await aLimitedHub(test, SITE);
    const pings = many(200, n => ({ url: post(n, 'blog.example'), sending: { from: loopback(n) } }));
    assert.equal(await taken(hub, pings), 120);
    assert.ok(await ping(hub, post(1, 'other.example')));
  });

  it('R04: gets no more by changing the query, nor fills the store with refusals', async test => {
    const hub = await aLimitedHub(test, { site: [{ most: 5, seconds: 60 }] });
    const address = (n: number) => `http://blog.example/post?n=${n}`;
    let count = 0;
    for (let n = 1; n <= 30; n++) if (await ping(hub, address(n))) count++;
    assert.equal(count, 5);
    const noted = async (n: number) => hub.storage.refusals.ofKey(keyOf(new URL(address(n))));
    assert.deepEqual(
      (await noted(6)).map(({ reason, count }) => [reason, count]),
      [['too-many', 1]],
    );
    assert.deepEqual(await noted(5), []);
    assert.deepEqual(await noted(11), []);
    const where = await hub.text(`/where-is-my-ping?url=${encodeURIComponent(address(6))}`);
    assert.match(where, /Too many pings came at once\./);
  });
});

describe('one post in one topic', () => {
  it('R05: is taken once in 30 seconds of 50 pings at once, and once through each other door', async test => {
    const hub = await aLimitedHub(test, { pair: DEFAULTS.pair });
    const source = 'http://blog.example/orion';
    assert.equal(
      await taken(
        hub,
        many(50, () => ({ url: source })),
      ),
      1,
    );
    const target = hub.hub.urls.topic(TOPIC);
    const webmention = () => sendTo(hub, '/webmention', { body: { source, target } });
    const first = await webmention();
    assert.equal(first.status, 201, first.body);
    assert.equal((await webmention()).status, 429);
    assert.ok(await ping(hub, source, {}, 'bread-baking'), 'another topic is another pair');
    const topic = await hub.storage.topics.bySlug(TOPIC);
    const [mention, ...more] = await hub.storage.mentions.all(String(topic?.id), 10);
    assert.deepEqual(more, []);
    assert.deepEqual(
      mention?.doors.map(door => door.via),
      ['trackback', 'webmention'],
    );
  });
});

describe('a topic', () => {
  it('gets as many pings taken as its limit has, and the others go on', async test => {
    const hub = await aLimitedHub(test, { topic: [{ most: 3, seconds: 60 }] });
    assert.equal(
      await taken(
        hub,
        many(10, n => ({ url: post(n) })),
      ),
      3,
    );
    assert.ok(await ping(hub, post(1), {}, 'bread-baking'));
  });
});

/** What each door is sent, and how it says that it takes no more. */
const DOORS: Record<
  string,
  { send: (hub: TestHub, n: number) => Promise<Answered>; says: (answer: Answered, busy: boolean) => void }
> = {
  trackback: {
    send: (hub, n) => sendTo(hub, `/t/${TOPIC}/trackback`, { body: { url: post(n) } }),
    says({ status, headers, body }, busy) {
      assert.equal(status, 200);
      assert.match(String(headers['content-type']), /^text\/xml/);
      const { error, message } = readAnswer(body);
      assert.equal(error, '1');
      assert.match(String(message), busy ? /^The hub is busy/ : /^Too many pings/);
    },
  },
  pingback: {
    send: (hub, n) =>
      sendTo(hub, '/pingback', {
        headers: { 'Content-Type': 'text/xml' },
        body: aCall(post(n), hub.hub.urls.topic(TOPIC)),
      }),
    says({ status, body }, busy) {
      assert.equal(status, 200);
      const answer = readResponse(body);
      assert.ok('code' in answer, body);
      assert.equal(answer.code, busy ? 50 : 49);
      assert.match(answer.words, busy ? /^The hub is busy/ : /^Too many pings/);
    },
  },
  webmention: {
    send: (hub, n) =>
      sendTo(hub, '/webmention', { body: { source: post(n), target: hub.hub.urls.topic(TOPIC) } }),
    says({ status, headers, body }, busy) {
      assert.equal(status, busy ? 503 : 429);
      assert.match(String(headers['retry-after']), busy ? /^60$/ : /^(?:60|[1-5]?\d)$/);
      assert.match(body, busy ? /^The hub is busy/ : /^Too many pings/);
      assert.match(String(headers['content-type']), /^text\/plain/);
    },
  },
  form: {
    send: (hub, n) => sendTo(hub, '/submit', { body: { url: post(n), topic: TOPIC } }),
    says({ status, headers, body }, busy) {
      assert.equal(status, busy ? 503 : 429);
      assert.match(String(headers['retry-after']), busy ? /^60$/ : /^(?:60|[1-5]?\d)$/);
      assert.match(body, busy ? /The hub is busy/ : /<h1>Too many pings at once<\/h1>/);
    },
  },
};

for (const [via, { send, says }] of Object.entries(DOORS)) {
  describe(`the ${via} door`, () => {
    it('says "too many" in its own form, to a sender and of a topic', async test => {
      for (const what of ['sender', 'topic'] as const) {
        const hub = await aLimitedHub(test, { [what]: [{ most: 1, seconds: 60 }] });
        const first = await send(hub, 1);
        assert.match(String(first.status), /^(?:200|201|303)$/, first.body);
        says(await send(hub, 2), false);
        assert.match(await hub.text('/metrics'), new RegExp(`door="${via}",outcome="too-many"\\} 1`));
      }
    });

    it('R06: says "busy" in its own form while too many looks are owed, and takes pings again after', async test => {
      const hub = await aLimitedHub(test, { queue: 3 });
      for (let n = 1; n <= 3; n++) await send(hub, n);
      hub.clock.advance(1.1 * SECOND);
      says(await send(hub, 4), true);
      const claims = await hub.storage.mentions.claimDue({ forMs: 60_000, limit: 10 });
      for (const { token, mentions } of claims) {
        for (const mention of mentions) {
          await hub.storage.mentions.settle(token, mention, {
            status: 'unlinked',
            dueIn: null,
            tries: 1,
            failing: null,
            sight: { saw: 'no-link' },
          });
        }
      }
      hub.clock.advance(1.1 * SECOND);
      const again = await send(hub, 5);
      assert.match(String(again.status), /^(?:200|201|303)$/, again.body);
    });
  });
}

it('R06: "Where is my ping?" says when to come back while too many looks are owed, and keeps what was asked', async test => {
  const hub = await aLimitedHub(test, { queue: 3 });
  for (let n = 1; n <= 3; n++) await DOORS['form']?.send(hub, n);
  hub.clock.advance(1.1 * SECOND);
  const { status, headers, body } = await sendTo(hub, '/where-is-my-ping', {
    body: { url: post(4), topic: TOPIC },
  });
  assert.deepEqual([status, headers['retry-after']], [503, '60']);
  assert.match(body, /The hub is busy/);
  assert.match(body, new RegExp(`name="topic" value="${TOPIC}"`));
});

describe('a person', () => {
  it('reads how many are taken and when to come again, in the same words as Retry-After', async test => {
    const hub = await aLimitedHub(test, { site: [{ most: 2, seconds: 60 }] });
    const submit = (n: number) =>
      sendTo(hub, '/submit', { body: { url: post(n, 'www.blog.example'), topic: TOPIC } });
    await submit(1);
    await submit(2);
    const { status, headers, body } = await submit(3);
    assert.equal(status, 429);
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(
      body,
      /In the last minute, 3 pings came from <bdi>blog\.example<\/bdi>\. We take 2 a minute from one blog\./,
    );
    assert.match(
      body,
      /The first 2 arrived and are being checked\. The last one was <strong>not<\/strong> recorded:/,
    );
    const wait = Number(headers['retry-after']) === 60 ? '1 minute' : `${headers['retry-after']} seconds`;
    assert.match(body, new RegExp(`14:0[23]:\\d\\d UTC</time>, in ${wait}\\.`));
  });

  it('is one sender with all buttons together: submit, preview, "Check my post again", "Look at this post now"', async test => {
    const hub = await aLimitedHub(test, { sender: [{ most: 4, seconds: 60 }] });
    const buttons = [
      () => sendTo(hub, '/submit', { body: { url: post(1), topic: TOPIC } }),
      () => sendTo(hub, '/submit', { body: { url: 'nonsense', topic: TOPIC, preview: '1' } }),
      () => sendTo(hub, '/pings/2222222222/look', { body: {} }),
      () => sendTo(hub, '/where-is-my-ping', { body: { url: post(2), topic: TOPIC } }),
    ];
    for (const press of buttons) assert.notEqual((await press()).status, 429);
    for (const press of buttons) {
      const { status, headers, body } = await press();
      assert.equal(status, 429);
      assert.match(String(headers['retry-after']), /^[1-6]?\d$/);
      assert.match(body, /requests came from your network\. We take 4 a minute from one network\./);
    }
    assert.equal((await hub.get('/')).status, 200, 'readers are not limited');
  });

  it('gets the same page when a post is to be looked at now, and its blog has too many', async test => {
    const hub = await aLimitedHub(test, { pair: DEFAULTS.pair });
    const look = () => sendTo(hub, '/where-is-my-ping', { body: { url: post(1), topic: TOPIC } });
    assert.equal((await look()).status, 303);
    const { status, body } = await look();
    assert.equal(status, 429);
    assert.match(body, /2 pings of this post came for <bdi>/);
  });
});

it('the doors have no limits where the settings say so', async test => {
  const hub = await aHub(test, {
    config: { role: 'web', rateLimits: readConfig({ RATE_LIMITS: 'off' }).rateLimits },
  });
  assert.equal(
    await taken(
      hub,
      many(50, () => ({ url: post(1) })),
    ),
    50,
  );
});
