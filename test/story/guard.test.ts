import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { aBlog, aPost } from '../support/blog.ts';
import { aHub } from '../support/hub.ts';
import { until } from '../support/until.ts';

describe('FETCH_PORTS', () => {
  it('admits posts on its ports, and on no other, at the doors and where it connects', async test => {
    const blog = await aBlog(test);
    const port = Number(new URL(blog.at('/')).port);
    const hub = await aHub(test, {
      config: { fetchPorts: new Set([port]), fetchAllow: new Set() },
      world: { resolve: async () => ['127.0.0.1'], isPublic: () => true },
    });
    blog.put('/post', aPost({ link: hub.hub.urls.topic('night-sky') }));
    const elsewhere = await aBlog(test);
    blog.put('/moved', (_request, response) =>
      response.writeHead(302, { Location: `http://blog.test:${new URL(elsewhere.at('/')).port}/post` }).end(),
    );
    assert.equal((await hub.ping('night-sky', { url: `http://blog.test:${port}/post` })).error, '0');
    assert.equal((await hub.ping('night-sky', { url: `http://blog.test:${port}/moved` })).error, '0');
    assert.equal((await hub.ping('night-sky', { url: 'http://blog.test/post' })).error, '1');
    await until(async () => (await hub.text('/t/night-sky')).includes('Orion in winter'));
    await until(() => hub.logged.filter(line => line['msg'] === 'look').length === 2);
    assert.deepEqual(
      hub.logged
        .filter(line => line['msg'] === 'look')
        .map(line => line['saw'])
        .sort(),
      ['linked', 'not-public'],
    );
    assert.deepEqual(elsewhere.requests, []);
  });
});

describe('the threads of a hub that read pages', () => {
  it('have the memory for one page, and not what the hub has', async test => {
    const limits: Worker['resourceLimits'][] = [];
    const note = ({ resourceLimits }: Worker) => limits.push(resourceLimits);
    process.on('worker', note);
    test.after(() => process.off('worker', note));
    const hub = await aHub(test);
    limits.length = 0;
    await hub.ping('night-sky', { url: hub.blog.at('/post') });
    await until(() => hub.blog.requests.length === 1);
    assert.deepEqual(
      limits.map(limit => [limit?.maxOldGenerationSizeMb, limit?.maxYoungGenerationSizeMb]),
      [[128, 12]],
    );
  });
});
