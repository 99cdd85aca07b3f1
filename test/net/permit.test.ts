import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSource } from '../../server/mentions/source-key.ts';
import { createPermit, createResolver, type PermitNeeds } from '../../server/net/permit.ts';
import { isPublicAddress } from '../../server/net/public-address.ts';
import { startDnsServer } from '../support/dns-server.ts';
import { NO_ADDRESS, NOT_PUBLIC } from '../support/not-public.ts';

const PUBLIC = '93.184.216.34';

/** A guard with the real rule, over names that a test makes up; `asked` lists those it resolved. */
function aPermit(over: Partial<PermitNeeds> = {}) {
  const asked: string[] = [];
  const permit = createPermit({
    resolve: async host => {
      asked.push(host);
      return [PUBLIC];
    },
    lookup: async () => assert.fail('only what is allowed is looked up on this machine'),
    isPublic: isPublicAddress,
    allow: new Set(),
    ...over,
  });
  return { permit, asked };
}

const trouble = (name: string) => (error: Error) => 'trouble' in error && error.trouble === name;

describe('what an address says is decided without asking anyone', () => {
  for (const [id, addresses] of Object.entries(NOT_PUBLIC)) {
    it(`${id} ${addresses[0]} is refused at the door and by the guard`, async () => {
      for (const address of addresses) {
        assert.equal(
          'refusal' in readSource(`${address}post`, { ownKeys: ['hub.example'], allow: new Set() }),
          true,
        );
        const { hostname, port } = new URL(address);
        const { permit, asked } = aPermit();
        await assert.rejects(permit(hostname, Number(port || 80)), trouble('not-public'), address);
        assert.deepEqual(asked, [], address);
      }
    });
  }

  it('U21 U31 U33 U34 U35 U36 what is no address of a page is refused at the door', () => {
    for (const address of NO_ADDRESS) {
      const read = readSource(address, { ownKeys: ['hub.example'], allow: new Set() });
      assert.ok('refusal' in read, address);
    }
  });

  it('a public literal passes on a port of the web, with or without brackets', async () => {
    const { permit, asked } = aPermit();
    assert.deepEqual(await permit(PUBLIC, 443), [PUBLIC]);
    assert.deepEqual(await permit('[2606:2800:220:1::1]', 8080), ['2606:2800:220:1::1']);
    assert.deepEqual(asked, []);
  });
});

describe('a name is judged by every address it leads to', () => {
  const leadingTo = (addresses: string[]) => aPermit({ resolve: async () => addresses }).permit;

  it('all of them are given out', async () => {
    const all = [PUBLIC, '2606:2800:220:1::1'];
    assert.deepEqual(await leadingTo(all)('blog.test', 80), all);
  });

  it('D01 D02 D06 one that is not public refuses the name', async () => {
    for (const addresses of [['127.0.0.1'], [PUBLIC, '127.0.0.1'], ['0.0.0.0'], [PUBLIC, '::ffff:7f00:1']]) {
      await assert.rejects(leadingTo(addresses)('blog.test', 80), trouble('not-public'));
    }
  });

  it('D07 D08 none at all, or no answer, is a trouble of the DNS', async () => {
    await assert.rejects(leadingTo([])('empty.test', 80), trouble('dns'));
    const { permit } = aPermit({ resolve: () => Promise.reject(new Error('queryA ENOTFOUND nx.test')) });
    await assert.rejects(permit('nx.test', 80), trouble('dns'));
  });
});

describe('FETCH_ALLOW', () => {
  const allow = new Set(['localhost:4000', '127.0.0.1:4001', '[::1]:4002', 'blog.test:80']);
  const { permit, asked } = aPermit({ allow, lookup: async () => ['127.0.0.1'] });

  it('admits exact pairs, and asks the system about their names', async () => {
    assert.deepEqual(await permit('localhost', 4000), ['127.0.0.1']);
    assert.deepEqual(await permit('127.0.0.1', 4001), ['127.0.0.1']);
    assert.deepEqual(await permit('[::1]', 4002), ['::1']);
    assert.deepEqual(await permit('blog.test', 80), ['127.0.0.1']);
    assert.deepEqual(asked, []);
  });

  it('admits neither another port nor another host', async () => {
    await assert.rejects(permit('localhost', 4001), trouble('not-public'));
    await assert.rejects(permit('127.0.0.1', 4000), trouble('not-public'));
    await assert.rejects(permit('127.0.0.2', 4001), trouble('not-public'));
  });
});

describe('U34 FETCH_PORTS', () => {
  const ports = new Set([8000, 443]);

  it('is what the guard goes by, on the port that is connected to', async () => {
    const { permit, asked } = aPermit({ ports });
    assert.deepEqual(await permit('blog.test', 8000), [PUBLIC]);
    assert.deepEqual(await permit(PUBLIC, 443), [PUBLIC]);
    for (const port of [80, 8080, 8443, 22, 0])
      await assert.rejects(permit('blog.test', port), trouble('not-public'));
    assert.deepEqual(asked, ['blog.test']);
  });

  it('is what the doors go by, and makes nothing else public', () => {
    const refused = (address: string) =>
      'refusal' in readSource(address, { ownKeys: ['hub.example'], allow: new Set(), ports });
    assert.equal(refused('http://blog.example:8000/post'), false);
    assert.equal(refused('https://blog.example/post'), false);
    assert.equal(refused('http://blog.example:443/post'), false);
    for (const address of [
      'http://blog.example/post',
      'https://blog.example:80/post',
      'https://blog.example:8443/post',
      'http://127.0.0.1:8000/post',
      'http://localhost:8000/post',
    ]) {
      assert.equal(refused(address), true, address);
    }
  });
});

describe('the resolver', () => {
  it('asks for A and AAAA, and takes what there is', async test => {
    const server = await startDnsServer((name, type) => {
      if (name === 'v4.test') return type === 'A' ? ['192.0.2.1', '192.0.2.2'] : [];
      if (name === 'v6.test') return type === 'A' ? [] : ['2001:db8::1'];
      if (name === 'half.test') return type === 'A' ? ['192.0.2.3'] : 'servfail';
      return [type === 'A' ? '192.0.2.4' : '2001:db8::4'];
    });
    test.after(server.close);
    const resolve = createResolver([server.address]);
    assert.deepEqual(await resolve('v4.test'), ['192.0.2.1', '192.0.2.2']);
    assert.deepEqual(await resolve('v6.test'), ['2001:db8::1']);
    assert.deepEqual(await resolve('half.test'), ['192.0.2.3']);
    assert.deepEqual(await resolve('both.test'), ['192.0.2.4', '2001:db8::4']);
  });

  it('D07 D08 fails for a name without records, an unknown name and a broken server', async test => {
    const server = await startDnsServer(name => {
      if (name === 'nx.test') return 'nxdomain';
      return name === 'servfail.test' ? 'servfail' : [];
    });
    test.after(server.close);
    const { permit } = aPermit({ resolve: createResolver([server.address]) });
    for (const name of ['empty.test', 'nx.test', 'servfail.test']) {
      await assert.rejects(permit(name, 80), trouble('dns'), name);
    }
  });

  it('D09 fifty names that nobody answers for keep no other from being answered', async test => {
    const server = await startDnsServer((name, type) => {
      if (name.startsWith('slow')) return 'silence';
      return type === 'A' ? [PUBLIC] : [];
    });
    test.after(server.close);
    const { permit } = aPermit({ resolve: createResolver([server.address]) });
    let slowOnesEnded = 0;
    const slow = Array.from({ length: 50 }, async (_, n) => {
      await assert.rejects(permit(`slow${n}.test`, 80), trouble('dns'));
      slowOnesEnded++;
    });
    assert.deepEqual(await permit('quick.test', 80), [PUBLIC]);
    assert.equal(slowOnesEnded, 0);
    await Promise.all(slow);
  });
});
