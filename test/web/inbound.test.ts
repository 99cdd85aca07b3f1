import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { answerWith, createInbound, INBOUND, type InboundLimits } from '../../server/web/inbound.ts';
import { aHub, type TestHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

/** A client that sends bytes as they are and keeps its side open, with all that was answered. */
function aClient(port: number) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const client = { socket, answer: '', closed: false };
  socket.setEncoding('latin1');
  socket.on('data', data => {
    client.answer += data;
  });
  socket.on('error', () => {});
  for (const end of ['end', 'close']) {
    socket.on(end, () => {
      client.closed = true;
    });
  }
  return client;
}

/** Sends a request and whatever stands behind it, and waits until the hub hangs up. */
async function exchange(port: number, bytes: string): Promise<string> {
  const client = aClient(port);
  client.socket.write(Buffer.from(bytes, 'latin1'));
  await until(() => client.closed, `an end to ${JSON.stringify(bytes.slice(0, 80))}`);
  client.socket.destroy();
  return client.answer;
}

const PING = 'POST /t/night-sky/trackback HTTP/1.1\r\nHost: x\r\n';
const GET = 'GET /livez HTTP/1.1\r\nHost: x\r\n';
const NEXT = `${GET}\r\n`;
const BODY = 'url=http%3A%2F%2Fblog.example%2F1';
const TWO_CODINGS = 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n';

const REFUSED: [name: string, status: number, bytes: string][] = [
  ['N01 CL+TE', 400, `${PING}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE+CL', 400, `${PING}Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE twice', 400, `${PING}${'Transfer-Encoding: chunked\r\n'.repeat(2)}\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE of another name', 400, `${PING}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE of two codings', 400, `${PING}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE not chunked last', 400, `${PING}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${NEXT}`],
  ['N01 TE after a space', 400, `${PING}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${NEXT}`],
  [
    'N01 TE in HTTP/1.0',
    400,
    `${PING.replace('1.1', '1.0')}Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${NEXT}`,
  ],
  ['N01 a chunk of no size', 400, `${PING}Transfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n${NEXT}`],
  ['N01 a chunk beyond counting', 400, `${PING}Transfer-Encoding: chunked\r\n\r\n${'f'.repeat(17)}\r\na`],
  ['N01 a long extension', 413, `${PING}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}\r\na`],
  ['N02 two lengths', 400, `${PING}Content-Length: 5\r\nContent-Length: 33\r\n\r\n${BODY}${NEXT}`],
  ['N02 the same length twice', 400, `${PING}${`Content-Length: 33\r\n`.repeat(2)}\r\n${BODY}${NEXT}`],
  ['N02 a list of lengths', 400, `${PING}Content-Length: 33, 33\r\n\r\n${BODY}${NEXT}`],
  ...['+33', '-1', '0x21', '33 1', '9'.repeat(30), ''].map((length): [string, number, string] => [
    `N02 the length "${length}"`,
    400,
    `${PING}Content-Length: ${length}\r\n\r\n${BODY}${NEXT}`,
  ]),
  ['N03 bare LF', 400, 'GET /livez HTTP/1.1\nHost: x\n\n'],
  ['N03 one bare LF', 400, `${GET}X: y\nContent-Length: 5\r\n\r\n`],
  ['N03 a bare CR', 400, `${GET}X: y\rContent-Length: 5\r\n\r\n`],
  ['N03 a bare LF in chunks', 400, `${PING}Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n${NEXT}`],
  ['N03 a folded line', 400, `${PING}Content-Length: 5\r\n 6\r\n\r\n${BODY}`],
  ['N04 no Host', 400, `GET /livez HTTP/1.1\r\n\r\n${NEXT}`],
  ['N04 two Hosts', 400, `${GET}Host: y\r\n\r\n`],
  ['N04 what is no Host', 400, 'GET /livez HTTP/1.1\r\nHost: a b/@c\r\n\r\n'],
  ['N05 a header of 20 KB', 431, `${GET}X: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['N05 an address of 20 KB', 431, `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['N05 headers of 20 KB', 431, `${GET}${'X: a\r\n'.repeat(20_000 / 'X: a\r\n'.length)}\r\n`],
  ['N08 NUL in a header', 400, `${GET}X: a\0b\r\n\r\n`],
  ['N08 NUL in a name', 400, `${GET}X\0: b\r\n\r\n`],
  ['N08 NUL in an address', 400, 'GET /li\0vez HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['N08 TRACE', 405, `${GET.replace('GET', 'TRACE')}Cookie: secret\r\n\r\n`],
  ['N08 the preface of HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['N08 HTTP/0.9', 400, 'GET /livez\r\n\r\n'],
  ['an expectation that nobody meets', 417, `${PING}Expect: x\r\nContent-Length: 33\r\n\r\n${BODY}${NEXT}`],
  ['an expectation of nothing', 417, `${GET}Expect:\r\n\r\n${NEXT}`],
  ['an expectation, and a broken body', 417, `${PING}Expect: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`],
  ['N01 an expectation, and TE of two codings', 400, `${PING}Expect: x\r\n${TWO_CODINGS}${NEXT}`],
  ['N04 an expectation, and no Host', 400, `GET /livez HTTP/1.1\r\nExpect: x\r\n\r\n${NEXT}`],
  ['N04 an expectation, and two Hosts', 400, `${GET}Host: y\r\nExpect: x\r\n\r\n${NEXT}`],
  ['N08 an expectation of TRACE', 405, `${GET.replace('GET', 'TRACE')}Expect: x\r\n\r\n${NEXT}`],
  ['N08 TLS', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
];

describe('what is no HTTP, or may be read in two ways, is refused and ends its connection', {
  concurrency: 4,
}, () => {
  for (const [name, status, bytes] of REFUSED) {
    it(name, async test => {
      const hub = await aHub(test);
      const answer = await exchange(Number(new URL(hub.address).port), bytes);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.equal(answer.match(/HTTP\/1\.1 \d/g)?.length, 1, 'what stands behind it is not read');
      assert.match(answer, /\r\nConnection: close\r\n/);
      assert.doesNotMatch(answer, /secret|livez/);
      const topic = await hub.storage.topics.bySlug('night-sky');
      assert.deepEqual(await hub.storage.mentions.all(String(topic?.id), 10), []);
      assert.equal((await hub.get('/livez')).status, 200);
    });
  }

  for (const [name, bytes] of [
    ['N01 TE of two codings', `${PING}${TWO_CODINGS}`],
    ['N04 no Host', 'GET /livez HTTP/1.1\r\n\r\n'],
    ['an expectation', `${GET}Expect: x\r\n\r\n`],
  ] as const) {
    it(`${name}, and what stands behind it reaches nobody`, async test => {
      const server = createInbound(INBOUND);
      test.after(() => server.close());
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      answerWith(server, () => assert.fail('nothing of this may be handled'));
      const { port } = server.address() as AddressInfo;
      assert.match(await exchange(port, `${bytes}${NEXT.repeat(3)}`), /^HTTP\/1\.1 4/);
    });
  }

  for (const [name, status, bytes] of [
    ['N01 TE of two codings', 400, `${PING}Expect: 100-continue\r\n${TWO_CODINGS}`],
    ['N04 two Hosts', 400, `${GET}Host: y\r\nExpect: 100-continue\r\n\r\n`],
    ['N08 TRACE', 405, `${GET.replace('GET', 'TRACE')}Expect: 100-continue\r\n\r\n`],
  ] as const) {
    it(`${name}, also after a 100`, async test => {
      const hub = await aHub(test);
      const answer = await exchange(Number(new URL(hub.address).port), `${bytes}${NEXT}`);
      assert.deepEqual(answer.match(/HTTP\/1\.1 \d+/g), ['HTTP/1.1 100', `HTTP/1.1 ${status}`]);
      assert.match(answer, /\r\nConnection: close\r\n/);
    });
  }

  it('but a ping that waits for a 100 gets it, and is taken', async test => {
    const hub = await aHub(test);
    const client = aClient(Number(new URL(hub.address).port));
    client.socket.write(`${PING}Expect: 100-Continue\r\nContent-Length: ${BODY.length}\r\n\r\n`);
    await until(() => client.answer === 'HTTP/1.1 100 Continue\r\n\r\n');
    client.socket.write(BODY);
    await until(() => client.answer.includes('<error>0</error>'));
    client.socket.destroy();
  });

  it('N08 CONNECT gets no connection', async test => {
    const hub = await aHub(test);
    const port = Number(new URL(hub.address).port);
    assert.equal(await exchange(port, `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n${NEXT}`), '');
  });

  it('but HTTP/1.0 knew no expectations, so they are passed over', async test => {
    const hub = await aHub(test);
    const old = NEXT.replace('1.1', '1.0').replace('Host: x', 'Expect: x');
    assert.match(await exchange(Number(new URL(hub.address).port), old), /^HTTP\/1\.1 200 /);
  });

  it('but a ping with bytes behind it is taken', async test => {
    const hub = await aHub(test);
    const answer = await exchange(
      Number(new URL(hub.address).port),
      `${PING}Content-Length: ${BODY.length}\r\n\r\n${BODY}\r\n<garbage>`,
    );
    assert.match(answer, /<error>0<\/error>/);
  });
});

/** A server with limits so short that a test can wait for them; it answers each body with its length. */
async function anInbound(test: TestContext, over: Partial<InboundLimits> = {}) {
  const server = createInbound({ ...INBOUND, connectionsCheckingInterval: 20, ...over });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  answerWith(server, async (request, response) => {
    let length = 0;
    request.on('error', () => {});
    request.on('data', data => {
      length += data.length;
    });
    request.on('end', () => response.end(String(length)));
  });
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

const connections = (server: Server) =>
  new Promise<number>(resolve => server.getConnections((_error, count) => resolve(count)));

/** The server that a hub really listens with, as Node names it to whoever watches requests begin. */
async function serverOf({ address, get }: TestHub): Promise<Server> {
  const { port } = new URL(address);
  let listening: Server | undefined;
  const watch = (begun: unknown) => {
    const { server } = begun as { server: Server };
    const at = server.address() as AddressInfo | null;
    if (String(at?.port) === port) listening = server;
  };
  subscribe('http.server.request.start', watch);
  await get('/livez');
  unsubscribe('http.server.request.start', watch);
  assert.ok(listening);
  return listening;
}

function drip(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 10);
  socket.on('close', () => clearInterval(timer));
}

describe('who takes too long is hung up on', { concurrency: true }, () => {
  it('N05 N06 N07 N08 as the hub has it, in these figures', async test => {
    const server = await serverOf(await aHub(test));
    for (const [name, figure] of Object.entries({
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: 5_000,
      timeout: 30_000,
      maxConnections: 1_000,
      maxRequestsPerSocket: 1_000,
      maxHeaderSize: 16 * 1024,
    })) {
      assert.equal(Reflect.get(server, name), figure, name);
    }
  });

  const SLOW: [name: string, start: string, more: string][] = [
    ['N06 headers without end', GET, 'X: a\r\n'],
    ['N06 not one line', 'G', ''],
    ['N07 a body', `${PING}Content-Length: 1000000\r\n\r\n`, 'a'],
    ['N07 a body in chunks', `${PING}Transfer-Encoding: chunked\r\n\r\n`, '1\r\na\r\n'],
    ['N07 a body that never begins', `${PING}Content-Length: 10\r\n\r\n`, ''],
  ];
  for (const [name, start, more] of SLOW) {
    it(`${name}: 408`, async test => {
      const { server, port } = await anInbound(test, { headersTimeout: 60, requestTimeout: 100 });
      const client = aClient(port);
      client.socket.write(start);
      if (more !== '') drip(client.socket, more);
      await until(() => client.closed);
      assert.match(client.answer, /^HTTP\/1\.1 408 /);
      // Though the client never hangs up itself.
      await until(async () => (await connections(server)) === 0, 'the connection to be gone');
      client.socket.destroy();
    });
  }

  it('N06 who says nothing at all', async test => {
    const { server, port } = await anInbound(test, { headersTimeout: 60, requestTimeout: 100 });
    const client = aClient(port);
    await until(() => client.closed);
    await until(async () => (await connections(server)) === 0);
    client.socket.destroy();
  });

  it('N07 who reads nothing of the answers', async test => {
    const { server, port } = await anInbound(test, { silence: 200, maxRequestsPerSocket: 0 });
    const client = aClient(port);
    client.socket.pause();
    await once(client.socket, 'connect');
    while (client.socket.write(NEXT.repeat(10_000)) || client.socket.writableLength < 30_000_000);
    await until(async () => (await connections(server)) === 0, 'the connection to be gone');
    client.socket.destroy();
  });

  it('N07 and whoever came before on the same connection is answered', async test => {
    const { port } = await anInbound(test, { headersTimeout: 60, requestTimeout: 100 });
    const answer = await exchange(port, `${PING}Content-Length: 2\r\n\r\nab${PING}Content-Length: 9\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 200 OK[\s\S]*\r\n\r\n2/);
  });

  it('a client that stays after its 400', async test => {
    const { server, port } = await anInbound(test);
    const client = aClient(port);
    client.socket.write('nonsense\r\n\r\n');
    await until(() => client.answer.startsWith('HTTP/1.1 400 '));
    await until(async () => (await connections(server)) === 0, 'the connection to be gone');
    client.socket.destroy();
  });
});

describe('N08 idle sockets', () => {
  it('find so many places and no more, and the next one comes in when one goes', async test => {
    const { server, port } = await anInbound(test, { maxConnections: 50 });
    const clients = Array.from({ length: 100 }, () => aClient(port));
    test.after(() => {
      for (const { socket } of clients) socket.destroy();
    });
    await until(() => clients.filter(client => client.closed).length === 50);
    assert.equal(await connections(server), 50);
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await connections(server)) === 0);
    assert.match(await exchange(port, `${GET}Connection: close\r\n\r\n`), /^HTTP\/1\.1 200 /);
  });

  it('do not stay', async test => {
    const { server, port } = await anInbound(test, { headersTimeout: 60, requestTimeout: 100 });
    const clients = Array.from({ length: 100 }, () => aClient(port));
    await until(() => clients.every(client => client.closed));
    for (const { socket } of clients) socket.destroy();
    await until(async () => (await connections(server)) === 0);
  });
});
