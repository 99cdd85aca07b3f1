import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConfigError, type Environment, readConfig } from '../server/config.ts';

function faults(env: Environment): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.faults;
  }
  return [];
}

describe('the settings', () => {
  it('have the defaults of the documentation', () => {
    assert.deepEqual(readConfig({}), {
      port: 3000,
      host: '127.0.0.1',
      baseUrl: null,
      baseUrlAliases: [],
      siteName: 'topichub',
      contact: null,
      dataDir: './data',
      mongodbUri: null,
      role: 'all',
      fetchAllow: new Set(),
      fetchPorts: new Set([80, 443, 8080, 8443]),
      fetchNameSender: false,
      trustProxy: 0,
      rateLimits: {
        sender: [
          { most: 30, seconds: 60 },
          { most: 300, seconds: 86_400 },
        ],
        site: [{ most: 120, seconds: 60 }],
        pair: [{ most: 1, seconds: 30 }],
        topic: [{ most: 300, seconds: 60 }],
        queue: 10_000,
      },
      logLevel: 'info',
      metricsToken: null,
    });
  });

  it('count as not set when they are empty', () => {
    assert.deepEqual(readConfig({ PORT: '', BASE_URL: ' ', FETCH_ALLOW: '' }), readConfig({}));
  });

  it('are read', () => {
    const config = readConfig({
      PORT: '0',
      HOST: '::1',
      BASE_URL: 'https://hub.example/topics/',
      BASE_URL_ALIASES: 'Old.example, hub.example:8080/topics/,https://club.example/hub',
      SITE_NAME: 'Hub',
      CONTACT: 'me@hub.example',
      FETCH_ALLOW: '127.0.0.1:4000, Blog.test:80,[::1]:4001',
      FETCH_PORTS: '80, 8000,',
      FETCH_NAME_SENDER: 'on',
      LOG_LEVEL: 'silent',
    });
    assert.equal(config.fetchNameSender, true);
    assert.equal(config.baseUrl, 'https://hub.example/topics');
    assert.deepEqual(config.baseUrlAliases, [
      'http://old.example',
      'http://hub.example:8080/topics',
      'https://club.example/hub',
    ]);
    assert.deepEqual(config.fetchAllow, new Set(['127.0.0.1:4000', 'blog.test:80', '[::1]:4001']));
    assert.deepEqual(config.fetchPorts, new Set([80, 8000]));
  });

  const WRONG: [name: string, ...values: string[]][] = [
    ['PORT', 'abc', '-1', '65536', '3000x', '3e3'],
    ['HOST', 'a b', 'http://x'],
    [
      'BASE_URL',
      'hub.example',
      'ftp://hub.example',
      'https://hub.example/?x=1',
      'https://u:p@hub.example',
      'https://h/#',
      'https://h/c++',
      'https://h/:x',
    ],
    ['BASE_URL_ALIASES', 'a b', 'ftp://old.example', 'old.example,https://h/?x=1', 'u:p@old.example'],
    ['SITE_NAME', 'x'.repeat(61), 'a\u0007b'],
    ['CONTACT', 'nobody', 'javascript:alert(1)', 'a b@c'],
    ['FETCH_ALLOW', '127.0.0.1', 'a:b', 'http://x:1', '127.0.0.1:4000,nonsense'],
    ['FETCH_PORTS', '0', '80,x', '65536', ',', '80-90'],
    ['LOG_LEVEL', 'loud'],
    ['MONGODB_URI', 'http://127.0.0.1', 'localhost', 'mongodb://'],
    [
      'TRUST_PROXY',
      'true',
      '-1',
      '10',
      '10.0.0.1,nonsense',
      'proxy.example',
      'loopback',
      '10.1',
      '0.0.0.0/0',
      '10.0.0.0/33',
      '::/0',
      'fe80::1%eth0',
    ],
    ['FETCH_NAME_SENDER', 'true', '1', 'On'],
    ['RATE_LIMITS', 'true', '0', 'of'],
    ['LIMIT_SENDER', '30', '30/0', '0/60', '30/60/1', '30/90000', '30/60,', '30/60,40/60', '-1/60', '1.5/60'],
    ['LIMIT_SITE', 'on'],
    ['LIMIT_PAIR', '1/s'],
    ['LIMIT_TOPIC', 'x'],
    ['LIMIT_QUEUE', '0', '-5', '10/60', '1e4'],
    ['ROLE', 'web', 'worker', 'x'],
  ];
  for (const [name, ...values] of WRONG) {
    for (const value of values) {
      it(`refuse ${name}=${value.slice(0, 30)}, by name and with what was expected`, () => {
        const [fault, ...more] = faults({ [name]: value });
        assert.deepEqual(more, []);
        assert.match(
          String(fault),
          new RegExp(`^${name} is (?:".*"|not shown, for it may hold a password); expected .*\\.$`),
        );
      });
    }
  }

  it('say which proxies are believed: how many, or which', () => {
    assert.equal(readConfig({ TRUST_PROXY: '2' }).trustProxy, 2);
    assert.deepEqual(readConfig({ TRUST_PROXY: '127.0.0.1, 10.0.0.0/8,2001:db8::/32' }).trustProxy, [
      '127.0.0.1',
      '10.0.0.0/8',
      '2001:db8::/32',
    ]);
    assert.match(String(faults({ TRUST_PROXY: 'true' })), /every sender could choose its own address/);
  });

  it('say what the doors take, each limit in one form', () => {
    const { rateLimits } = readConfig({
      LIMIT_SENDER: '60/60, 1000/86400',
      LIMIT_SITE: '5/10',
      LIMIT_PAIR: 'off',
      LIMIT_QUEUE: '500',
    });
    assert.deepEqual(rateLimits?.sender, [
      { most: 60, seconds: 60 },
      { most: 1_000, seconds: 86_400 },
    ]);
    assert.deepEqual(rateLimits.site, [{ most: 5, seconds: 10 }]);
    assert.deepEqual(rateLimits.pair, []);
    assert.equal(rateLimits.queue, 500);
    assert.equal(readConfig({ LIMIT_QUEUE: 'off' }).rateLimits?.queue, null);
    assert.equal(readConfig({ RATE_LIMITS: 'off' }).rateLimits, null);
  });

  it('never show what may be a password', () => {
    const [fault] = faults({ MONGODB_URI: 'http://user:hunter2@db.example' });
    assert.doesNotMatch(String(fault), /hunter2/);
  });

  it('report every fault at once', () => {
    assert.equal(faults({ PORT: 'x', BASE_URL: 'x', LOG_LEVEL: 'x' }).length, 3);
  });
});
