import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { createFetchPage } from '../../server/net/fetch-page.ts';
import { createPermit, type Permit } from '../../server/net/permit.ts';
import { isPublicAddress } from '../../server/net/public-address.ts';
import { aRawServer, pour } from '../support/raw-server.ts';
import { until } from '../support/until.ts';

const NOW = Date.UTC(2026, 6, 17, 14, 0, 0);
const MIB = 1024 * 1024;
const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
const PAGE = '<p>hello</p>';

const toLoopback: Permit = async () => ['127.0.0.1'];
const never: Permit = async () => assert.fail('nothing may be asked');

function fetcher(permit: Permit, userAgent = 'topichub (test)') {
  const fetchPage = createFetchPage({ userAgent, now: () => NOW });
  return (url: string, leftMs: number, forwardedFor: string | null = null) =>
    fetchPage({ url, leftMs, permit, forwardedFor });
}

/** Fetches from a server that answers with these bytes and hangs up, or does as the function says. */
async function fetchFrom(
  test: TestContext,
  answer: string | Uint8Array | ((socket: Socket, request: string) => void),
  { path = '/post', leftMs = 10_000 } = {},
) {
  const server = await aRawServer(test, (socket, request) => {
    if (typeof answer === 'function') answer(socket, request);
    else socket.end(answer);
  });
  const fetched = await fetcher(toLoopback)(`http://blog.test:${server.port}${path}`, leftMs);
  await until(() => server.open === 0, 'the connection to be closed');
  return fetched;
}

const coded = (coding: string, body: Uint8Array) => (socket: Socket) => {
  socket.write(`${OK}Content-Encoding: ${coding}\r\nContent-Length: ${body.length}\r\n\r\n`);
  socket.end(body);
};

/** What is told of a page, its bytes as text. */
const read = (fetched: Awaited<ReturnType<typeof fetchFrom>>) =>
  fetched.kind === 'page' ? Buffer.from(fetched.bytes).toString() : fetched;

const failed = (trouble: string, status?: number) =>
  status === undefined ? { kind: 'failed', trouble } : { kind: 'failed', trouble, status };

describe('a page is asked for', () => {
  it('under its name, with what is understood, without cookie or referrer', async test => {
    let asked = '';
    const server = await aRawServer(test, (socket, request) => {
      asked = request;
      socket.end(`${OK}Set-Cookie: id=1\r\n\r\n${PAGE}`);
    });
    const fetchPage = fetcher(toLoopback);
    const url = `http://blog.test:${server.port}/2026/post?p=1`;
    assert.equal(read(await fetchPage(url, 10_000)), PAGE);
    assert.equal(read(await fetchPage(url, 10_000)), PAGE);
    const [first, ...headers] = asked.trim().split('\r\n');
    assert.equal(first, 'GET /2026/post?p=1 HTTP/1.1');
    assert.deepEqual(headers.map(line => line.toLowerCase()).sort(), [
      'accept-encoding: gzip, deflate, br',
      'accept: text/html, application/xhtml+xml, */*;q=0.1',
      'connection: close',
      `host: blog.test:${server.port}`,
      'user-agent: topichub (test)',
    ]);
    assert.equal(server.opened, 2, 'a fresh connection each time');
  });

  it('in the name of an IP address, and of nothing else', async test => {
    let asked = '';
    const server = await aRawServer(test, (socket, request) => {
      asked = request;
      socket.end(`${OK}\r\n${PAGE}`);
    });
    const fetchPage = fetcher(toLoopback);
    const named = async (address: string | null) => {
      assert.equal(read(await fetchPage(`http://blog.test:${server.port}/post`, 10_000, address)), PAGE);
      return /^x-pingback-forwarded-for: (.*)\r$/im.exec(asked)?.[1];
    };
    assert.equal(await named('192.0.2.7'), '192.0.2.7');
    assert.equal(await named('2001:db8::7'), '2001:db8::7');
    for (const none of [
      null,
      '',
      'unknown',
      '192.0.2.7, 192.0.2.8',
      '192.0.2.0/24',
      '192.0.2.7\r\nX-More: 1',
      '[2001:db8::7]',
      'fe80::1%eth0',
    ]) {
      assert.equal(await named(none), undefined, String(none));
      assert.doesNotMatch(asked, /x-more|192\.0\.2|fe80/i);
    }
  });

  it('and comes as bytes, with its status and its type', async test => {
    const fetched = await fetchFrom(
      test,
      `HTTP/1.1 203 Hm\r\nContent-Type: TEXT/HTML;charset=x\r\n\r\n${PAGE}`,
    );
    assert.deepEqual(fetched, {
      kind: 'page',
      status: 203,
      bytes: new Uint8Array(Buffer.from(PAGE)),
      contentType: 'TEXT/HTML;charset=x',
      robots: [],
    });
  });

  it('with everything it says to robots, header by header', async test => {
    const fetched = await fetchFrom(
      test,
      `${OK}X-Robots-Tag: noindex, nofollow\r\nx-robots-tag: otherbot: none\r\n\r\n${PAGE}`,
    );
    assert.deepEqual(fetched.kind === 'page' && fetched.robots, ['noindex, nofollow', 'otherbot: none']);
  });
});

describe('the name of the hub', () => {
  it('may be in any script', async test => {
    let asked = '';
    const server = await aRawServer(test, (socket, request) => {
      asked = request;
      socket.end(`${OK}\r\n${PAGE}`);
    });
    const fetchPage = fetcher(toLoopback, 'トピック (x\r\ny)');
    assert.equal(read(await fetchPage(`http://blog.test:${server.port}/post`, 10_000)), PAGE);
    assert.match(asked, /^user-agent: \? \(x\?y\)\r$/im);
  });
});

describe('connections go only where the guard says', () => {
  /** The real guard, asked as if the test's server listened on port 80. */
  const guarded = (resolve: (host: string) => Promise<string[]>, isPublic = isPublicAddress): Permit => {
    const permit = createPermit({ resolve, lookup: never as never, isPublic, allow: new Set() });
    return host => permit(host, 80);
  };

  it('U01 D01 D02 D06 F04 to nothing private, by literal or by name', async test => {
    const server = await aRawServer(test, socket => socket.end(`${OK}\r\n${PAGE}`));
    const answers: Record<string, string[]> = {
      'a.test': ['127.0.0.1'],
      'm.test': ['93.184.216.34', '127.0.0.1'],
      'zero.test': ['0.0.0.0'],
      'six.test': ['::1'],
    };
    const fetchPage = fetcher(guarded(async host => answers[host] ?? []));
    for (const host of [
      '127.0.0.1',
      '127.1',
      '0',
      '[::ffff:7f00:1]',
      '[::1]',
      'localhost',
      ...Object.keys(answers),
    ]) {
      assert.deepEqual(
        await fetchPage(`http://${host}:${server.port}/post`, 10_000),
        failed('not-public'),
        host,
      );
    }
    assert.equal(server.opened, 0);
  });

  it('D03 to what the guard saw, though the name now leads elsewhere', async test => {
    const server = await aRawServer(test, socket => socket.end(`${OK}\r\n${PAGE}`));
    let asked = 0;
    const permit = guarded(
      async () => (asked++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']),
      ip => ip === '127.0.0.1',
    );
    assert.equal(read(await fetcher(permit)(`http://rebind.test:${server.port}/post`, 10_000)), PAGE);
    assert.equal(asked, 1);
  });

  it('and are dropped when they end up elsewhere', async test => {
    const server = await aRawServer(test, socket => socket.end(`${OK}\r\n${PAGE}`));
    // The system takes this for loopback.
    const fetchPage = fetcher(async () => ['0.0.0.0']);
    assert.deepEqual(await fetchPage(`http://blog.test:${server.port}/post`, 10_000), failed('not-public'));
    await until(() => server.open === 0);
  });

  it('D07 D08 D09 a name that leads nowhere in time is a trouble of its own', async () => {
    const nowhere = guarded(async () => []);
    assert.deepEqual(await fetcher(nowhere)('http://empty.test/post', 10_000), failed('dns'));
    const unanswered = guarded(() => new Promise(() => {}));
    assert.deepEqual(await fetcher(unanswered)('http://slow.test/post', 100), failed('timeout'));
  });

  it('a fault of the guard itself is not blamed on the site', async () => {
    const broken: Permit = async () => {
      throw new TypeError('ours');
    };
    await assert.rejects(fetcher(broken)('http://blog.test/post', 10_000), /ours/);
  });
});

describe('redirects are answers', () => {
  const redirectTo = (...locations: string[]) =>
    `HTTP/1.1 302 Found\r\n${locations.map(to => `Location: ${to}\r\n`).join('')}\r\n`;

  it('of five kinds, resolved against the address asked for', async test => {
    for (const status of [301, 302, 303, 307, 308]) {
      const answer = `HTTP/1.1 ${status} Moved\r\nLocation: ../new?x=1#part\r\n\r\n`;
      const fetched = await fetchFrom(test, answer, { path: '/a/b/post' });
      assert.equal(fetched.kind, 'redirect');
      assert.match(fetched.kind === 'redirect' ? fetched.to : '', /^http:\/\/blog\.test:\d+\/a\/new\?x=1$/);
    }
  });

  it('F01 F02 F04 that the guard will judge, and that are not followed', async test => {
    for (const to of ['http://127.0.0.1/', 'http://[::ffff:7f00:1]/', 'https://evil.test/']) {
      assert.deepEqual(await fetchFrom(test, redirectTo(to)), { kind: 'redirect', status: 302, to });
    }
  });

  it('written with bytes beyond ASCII they keep them', async test => {
    const fetched = await fetchFrom(test, Buffer.from(redirectTo('https://blog.test/日本')));
    assert.deepEqual(fetched, { kind: 'redirect', status: 302, to: 'https://blog.test/%E6%97%A5%E6%9C%AC' });
    const latin = await fetchFrom(test, Buffer.from(redirectTo('https://blog.test/caf\xe9'), 'latin1'));
    assert.deepEqual(latin, { kind: 'redirect', status: 302, to: 'https://blog.test/caf%E9' });
    const name = await fetchFrom(test, Buffer.from(redirectTo('https://bücher.test/')));
    assert.deepEqual(name, { kind: 'redirect', status: 302, to: 'https://xn--bcher-kva.test/' });
  });

  it('F07 without one usable Location they are broken', async test => {
    const unusable = [
      [],
      ['/a', '/b'],
      ['ftp://blog.test/'],
      ['javascript:alert(1)'],
      ['http://user:pw@blog.test/'],
      ['http://'],
      [`/${'a'.repeat(3000)}`],
    ];
    for (const locations of unusable) {
      assert.deepEqual(await fetchFrom(test, redirectTo(...locations)), failed('broken-answer', 302));
    }
    assert.equal((await fetchFrom(test, redirectTo('/a', '/a'))).kind, 'redirect');
    assert.deepEqual(await fetchFrom(test, redirectTo('/a\r\n b: c\r\nGET /')), failed('broken-answer'));
  });
});

describe('F10 F11 F12 one deadline covers everything', () => {
  const drip = (socket: Socket, start: string, drop: string) => {
    socket.write(start);
    const timer = setInterval(() => socket.write(drop), 20);
    socket.on('close', () => clearInterval(timer));
  };
  const CASES: Record<string, (socket: Socket) => void> = {
    'no answer': () => {},
    'headers without end': socket => drip(socket, OK, 'X-More: 1\r\n'),
    'a body without end': socket => drip(socket, `${OK}\r\n`, 'a'),
    'a compressed body that never begins': socket => socket.write(`${OK}Content-Encoding: br\r\n\r\n`),
    'a deflated body that never begins': socket => socket.write(`${OK}Content-Encoding: deflate\r\n\r\n`),
  };
  for (const [name, answer] of Object.entries(CASES)) {
    it(name, async test => {
      assert.deepEqual(await fetchFrom(test, answer, { leftMs: 200 }), failed('timeout'));
    });
  }

  it('a TLS handshake that stalls', async test => {
    const server = await aRawServer(test, () => {});
    const fetched = await fetcher(toLoopback)(`https://blog.test:${server.port}/post`, 200);
    assert.deepEqual(fetched, failed('timeout'));
    await until(() => server.open === 0);
  });
});

describe('of a body the first decoded MiB is read', () => {
  const length = (fetched: Awaited<ReturnType<typeof fetchFrom>>) =>
    fetched.kind === 'page' ? fetched.bytes.length : fetched;

  it('F19 and the rest is not fetched, whatever was announced', async test => {
    const pouring = (headers: string) => (socket: Socket) => {
      socket.write(`${OK}${headers}\r\n`);
      pour(socket, Buffer.alloc(64 * 1024, 'a'));
    };
    assert.equal(length(await fetchFrom(test, pouring(''))), MIB);
    assert.equal(length(await fetchFrom(test, pouring('Content-Length: 10000000000\r\n'))), MIB);
  });

  it('F13 F14 of a few bytes that unfold to gigabytes too', async test => {
    const zeros = Buffer.alloc(50 * MIB);
    assert.equal(length(await fetchFrom(test, coded('gzip', gzipSync(zeros)))), MIB);
    assert.equal(length(await fetchFrom(test, coded('br', brotliCompressSync(zeros)))), MIB);
  });

  it('in every coding that was offered, deflate with and without its header', async test => {
    const page = Buffer.from(PAGE.repeat(1000));
    for (const [coding, body] of [
      ['gzip', gzipSync(page)],
      ['x-gzip', gzipSync(page)],
      ['deflate', deflateSync(page)],
      ['deflate', deflateRawSync(page)],
      ['deflate', Buffer.alloc(0)],
      ['br', brotliCompressSync(page)],
      ['GZip', gzipSync(page)],
      ['identity', page],
      ['', page],
    ] as const) {
      const text = read(await fetchFrom(test, coded(coding, body)));
      assert.equal(text, body.length ? page.toString() : '', coding);
    }
  });

  it('F17 F18 in no other coding, and not when it does not hold what it says', async test => {
    const page = Buffer.from(PAGE.repeat(100));
    for (const [coding, body] of [
      ['zstd', zstdCompressSync(page)],
      ['br,br', brotliCompressSync(brotliCompressSync(page))],
      ['gzip, br', brotliCompressSync(gzipSync(page))],
      ['rot13', page],
    ] as const) {
      assert.deepEqual(await fetchFrom(test, coded(coding, body)), failed('broken-answer', 200), coding);
    }
    for (const body of [page, gzipSync(page).subarray(0, 30)]) {
      assert.deepEqual(await fetchFrom(test, coded('gzip', body)), failed('broken-answer'));
    }
  });

  it('F19 unless the connection ends before it', async test => {
    assert.deepEqual(
      await fetchFrom(test, `${OK}Content-Length: 100\r\n\r\n${PAGE}`),
      failed('broken-answer'),
    );
    const both = `${OK}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`;
    assert.deepEqual(await fetchFrom(test, both), failed('broken-answer'));
  });
});

describe('F20 what goes on without end besides the body is hung up on', () => {
  const ENDLESS: Record<string, [start: string, more: string]> = {
    'interim answers': ['', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    'line breaks before the answer': ['', '\r\n'],
    'a status line': ['HTTP/1.1 200 ', 'a'],
    headers: [OK, 'X-More: 1\r\n'],
    cookies: [OK, 'Set-Cookie: a=b\r\n'],
    'an extension of a chunk': [`${OK}Transfer-Encoding: chunked\r\n\r\n1;`, 'a'],
    trailers: [`${OK}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n`, 'X-More: 1\r\n'],
    'empty blocks of gzip': [
      `${OK}Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03`,
      '\0\0\0\xff\xff',
    ],
    'the name of a gzip member': [`${OK}Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03`, 'a'],
  };
  for (const [name, [start, more]] of Object.entries(ENDLESS)) {
    it(name, async test => {
      const fetched = await fetchFrom(test, socket => {
        socket.write(start, 'latin1');
        pour(socket, Buffer.from(more.repeat(5000), 'latin1'));
      });
      assert.deepEqual(fetched, failed('broken-answer'));
    });
  }

  it('so are headers of more than 16 KiB, whatever page comes with them', async test => {
    const kib = (many: number) =>
      Array.from({ length: many }, (_, n) => `X-More-${n}: `.padEnd(1022, 'a').concat('\r\n')).join('');
    const length = String(PAGE.length);
    const answer = (many: number) => `${OK}Content-Length: ${length}\r\n${kib(many)}\r\n${PAGE}`;
    assert.equal(read(await fetchFrom(test, answer(15))), PAGE);
    for (const many of [17, 24, 32, 64]) {
      assert.deepEqual(await fetchFrom(test, answer(many)), failed('broken-answer'), `${many} KiB`);
    }
  });

  it('a few interim answers are nothing unusual', async test => {
    const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n'.repeat(3);
    assert.equal(read(await fetchFrom(test, `${hints}${OK}\r\n${PAGE}`)), PAGE);
  });
});

describe('everything else is named', () => {
  it('F21 what is no HTML', async test => {
    for (const type of [
      'text/plain',
      'image/png',
      'application/octet-stream',
      'text/htmlx',
      'multipart/mixed',
      '',
    ]) {
      const answer = `HTTP/1.1 200 OK\r\n${type && `Content-Type: ${type}\r\n`}\r\n${PAGE}`;
      assert.deepEqual(await fetchFrom(test, answer), { kind: 'not-html', status: 200 }, type);
    }
    for (const type of ['application/xhtml+xml', 'text/html;charset=utf-7', ' Text/HTML ; x=y']) {
      assert.equal(
        read(await fetchFrom(test, `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\n\r\n${PAGE}`)),
        PAGE,
      );
    }
  });

  it('F22 what is gone, and every other status', async test => {
    assert.deepEqual(await fetchFrom(test, 'HTTP/1.1 410 Gone\r\n\r\n'), { kind: 'gone', status: 410 });
    for (const status of [204, 205, 206, 300, 304, 403, 404, 500, 503, 999]) {
      const answer = `HTTP/1.1 ${status} X\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n`;
      assert.deepEqual(await fetchFrom(test, answer), failed('status', status));
    }
  });

  it('F22 the pause that a site asks for', async test => {
    for (const [status, header, ms] of [
      [429, '120', 120_000],
      [503, 'Fri, 17 Jul 2026 14:05:00 GMT', 300_000],
      [503, 'Fri, 17 Jul 2026 13:00:00 GMT', 0],
      [429, '999999999', 86_400_000],
      [429, 'soon', undefined],
      [429, '-5', undefined],
      [404, '120', undefined],
    ] as const) {
      const fetched = await fetchFrom(test, `HTTP/1.1 ${status} X\r\nRetry-After: ${header}\r\n\r\n`);
      const expected = failed('status', status);
      assert.deepEqual(fetched, ms === undefined ? expected : { ...expected, retryAfterMs: ms }, header);
    }
  });

  it('F22 what is no HTTP', async test => {
    for (const answer of [
      PAGE,
      'HTTP/1.1 garbage\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'SSH-2.0-OpenSSH_9.6\r\n',
      '',
    ]) {
      assert.deepEqual(await fetchFrom(test, answer), failed('broken-answer'), answer);
    }
  });

  it('a server that is not there', async () => {
    // Nothing of a user's may listen on port 1.
    assert.deepEqual(await fetcher(toLoopback)('http://blog.test:1/post', 10_000), failed('connect'));
  });

  it('a server that hangs up at once', async test => {
    assert.deepEqual(await fetchFrom(test, socket => socket.resetAndDestroy()), failed('broken-answer'));
  });
});
