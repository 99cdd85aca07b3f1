import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mention } from '../../server/mentions/mention.ts';
import { createReadTarget, type TargetMiss, targetKeys } from '../../server/topics/targets.ts';
import { createUrls } from '../../server/urls.ts';
import { aTopic } from '../support/samples.ts';

const SITES = ['https://hub.example/club', 'http://old.example', 'http://hub.example:8080/club'].map(
  createUrls,
);
const TOPIC = aTopic({ slug: 'night-sky', formerSlugs: ['stars'] });

const read = createReadTarget({
  sites: SITES,
  mentions: {
    byId: async id => (id === '7k3mq2xd01' ? ({ topicId: TOPIC.id } as Mention) : null),
  },
  topics: { byId: async id => (id === TOPIC.id ? TOPIC : null) },
});

describe('a target', () => {
  const hits = [
    'https://hub.example/club/t/night-sky',
    'http://hub.example/club/t/night-sky',
    ' https://hub.example/club/t/night-sky ',
    'https://www.hub.example/club/t/night-sky/',
    'HTTPS://HUB.EXAMPLE:443/club/t/night-sky#comments',
    'https://hub.example/club/t/night-sky?utm_source=mail',
    'https://hub.example/club/t/night%2Dsky',
    'https://hub.example/club/t/night-sky/trackback',
    'https://hub.example/club/t/night-sky/trackback/',
    'https://hub.example/club/t/night-sky.rss',
    'https://hub.example/club/t/night-sky.atom',
    'https://hub.example/club/t/night-sky.json',
    'https://old.example/t/night-sky',
    'http://old.example/t/night-sky.atom',
    'https://hub.example:8080/club/t/night-sky',
    'https://hub.example/club/pings/7k3mq2xd01',
    'https://hub.example/club/pings/7K3MQ-2XD01',
    'https://hub.example/club/t/Night-Sky',
    'https://hub.example/club/t/night-sky?before=x',
    'https://hub.example/club/t/night-sky.xml',
    'https://hub.example/club/t/night-sky/more',
    'http://old.example/pings/7k3mq2xd01/',
  ];
  for (const address of hits) {
    it(`is the topic's: ${address}`, async () => {
      assert.deepEqual(await read(address), { slug: 'night-sky' });
    });
  }

  it('may name a topic by a former slug, or one that is not there: the store knows', async () => {
    assert.deepEqual(await read('https://hub.example/club/t/stars'), { slug: 'stars' });
    assert.deepEqual(await read('https://hub.example/club/t/nobody'), { slug: 'nobody' });
  });

  const misses: Record<TargetMiss, string[]> = {
    'no-target': ['', '  '],
    'bad-target': [
      'night-sky',
      '/club/t/night-sky',
      'ftp://hub.example/club/t/night-sky',
      'javascript:alert(1)',
      'https://me@hub.example/club/t/night-sky',
      'https://hub.example/club/t/\tnight-sky',
      'https://hub.example\\club/t/night-sky',
      `https://hub.example/club/t/night-sky#${'x'.repeat(2_048)}`,
    ],
    'front-page': [
      'https://hub.example/club',
      'https://hub.example/club/',
      'http://www.hub.example/club/#top',
      'https://hub.example/club?x=1',
      'http://old.example/',
    ],
    'other-page': [
      'https://hub.example/club/pings/nobody0000',
      'https://hub.example/club/webmention',
      'https://hub.example/club/x/t/night-sky',
      'http://old.example/club/t/night-sky',
    ],
    elsewhere: [
      'https://hub.example/t/night-sky',
      'https://hub.example.evil/club/t/night-sky',
      'https://evil.example/?u=https://hub.example/club/t/night-sky',
      'https://hub.example:444/club/t/night-sky',
      'https://hub.example/clubbing/t/night-sky',
      'http://old.example:8080/t/night-sky',
    ],
  };
  for (const [miss, addresses] of Object.entries(misses)) {
    for (const address of addresses) {
      it(`is a miss, ${miss}: ${address.slice(0, 60)}`, async () => {
        assert.deepEqual(await read(address), { miss });
      });
    }
  }

  it('counts as a link too, wherever it is a hit', async () => {
    const keys = targetKeys(SITES, TOPIC, '7k3mq2xd01').map(target => target.key);
    assert.equal(keys.length, new Set(keys).size);
    for (const key of keys) assert.ok('slug' in (await read(`http://${key}`)), key);
    assert.equal(keys.length, SITES.length * (2 * 5 + 1));
    assert.ok(!keys.includes('hub.example/club'), 'the front page never does');
  });
});
