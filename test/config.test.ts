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
      LOG_LEVEL: 'silent',
    });
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

  it('never show what may be a password', () => {
    const [fault] = faults({ MONGODB_URI: 'http://user:hunter2@db.example' });
    assert.doesNotMatch(String(fault), /hunter2/);
  });

  it('report every fault at once', () => {
    assert.equal(faults({ PORT: 'x', BASE_URL: 'x', LOG_LEVEL: 'x' }).length, 3);
  });
});
