import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { troubleOf } from '../../server/net/trouble.ts';
import { memoryVisits } from '../../server/storage/memory-visits.ts';
import type { HopAnswer } from '../../server/verification/hop.ts';
import {
  createOpenVisit,
  type HopAhead,
  type Visit,
  type VisitNeeds,
} from '../../server/verification/visit.ts';
import type { Visits } from '../../server/verification/visits.ts';
import { aClock, SECOND } from '../support/clock.ts';

const READ: HopAnswer = { kind: 'not-html', status: 200 };

/** Visits whose hops ask the guard for a connection and then answer; every name has one address unless said. */
function somewhere(
  over: Partial<VisitNeeds> & { addresses?: string[]; connectsTo?: string; as?: string } = {},
) {
  const clock = aClock();
  const visits = memoryVisits(clock.now);
  const reached: string[] = [];
  const openVisit = createOpenVisit({
    visits,
    hop: async ({ url }, permit, told) => {
      const { hostname, port } = new URL(url);
      try {
        const addresses = await permit(hostname, Number(port) || 80);
        reached.push(...addresses);
        if (over.connectsTo) told?.(over.connectsTo);
        return READ;
      } catch (error) {
        return { kind: 'failed', trouble: troubleOf(error) ?? assert.fail('a fault') };
      }
    },
    permit: async () => over.addresses ?? ['93.184.216.34'],
    allow: new Set(),
    ...over,
  });
  let looks = 0;
  const open = async (url: string) => {
    const visit = await openVisit(url, `${over.as ?? 'look'}-${++looks}`);
    return 'kind' in visit ? visit : { ...visit, go: (to = url) => visit.hop(request(to)) };
  };
  return { open, clock, visits, reached };
}

const request = (url: string): HopAhead => ({
  url,
  left: () => 10_000,
  wanted: [],
  hubKeys: [],
  forwardedFor: null,
});

type Opened = Visit & { go: (url?: string) => ReturnType<Visit['hop']> };

function wentIn(visit: Opened | { kind: 'put-off' }): Opened {
  assert.ok(!('kind' in visit), 'it was put off');
  return visit;
}

function fourAtAddress(visits: Visits): Promise<(number | null)[]> {
  const host = { kind: 'address', name: '93.184.216.34' } as const;
  return Promise.all([1, 2, 3, 4].map(n => visits.begin(host, { token: `other-${n}`, forMs: SECOND })));
}

describe('one look’s way', () => {
  it('goes to a site that has room, and makes room again', async () => {
    const { open } = somewhere();
    const one = wentIn(await open('http://blog.example/1'));
    const two = wentIn(await open('http://www.blog.example/2'));
    assert.deepEqual(await open('https://old.blog.example/3'), { kind: 'put-off', waitMs: 2 * SECOND });
    assert.deepEqual(await one.go(), READ);
    await one.leave();
    wentIn(await open('http://blog.example/3'));
    await two.leave();
  });

  it('each blog of a hosting service is a site, as is each address', async () => {
    const { open } = somewhere();
    for (const host of [
      'ana.blogspot.com',
      'ben.blogspot.com',
      'a.github.io',
      '93.184.216.34',
      '93.184.216.35',
    ]) {
      for (const n of [1, 2]) wentIn(await open(`http://${host}/${n}`));
      assert.ok('kind' in (await open(`http://${host}/3`)), host);
    }
    assert.ok('kind' in (await open('http://x.ana.blogspot.com/3')));
  });

  it('counts each hop, against the site that it goes to', async () => {
    const { open, visits } = somewhere();
    const visit = wentIn(await open('http://short.example/1'));
    const other = wentIn(await open('http://blog.example/2'));
    const third = wentIn(await open('http://blog.example/3'));
    assert.deepEqual(await visit.go(), READ);
    assert.deepEqual(await visit.go('http://blog.example/1'), { kind: 'put-off', waitMs: 2 * SECOND });
    await other.leave();
    assert.deepEqual(await visit.go('http://blog.example/1'), READ);
    for (let hop = 4; hop <= 30; hop++) assert.deepEqual(await visit.go('http://blog.example/1'), READ);
    assert.equal((await visit.go('http://blog.example/1')).kind, 'put-off', 'a minute has room for 30');
    await third.leave();
    await visit.leave();
    assert.deepEqual([...(await visits.fullSites()).keys()], ['blog.example']);
  });

  it('R14 goes to an address that has room, however many names it has', async () => {
    const { open, clock, reached } = somewhere();
    const looks = [];
    for (let n = 0; n < 100; n++) looks.push(wentIn(await open(`http://blog-${n}.example/post`)));
    const answers = await Promise.all(looks.map(look => look.go()));
    assert.equal(answers.filter(answer => answer === READ).length, 4);
    assert.equal(reached.length, 4);
    for (const look of looks) await look.leave();
    const again = wentIn(await open('http://blog-100.example/post'));
    assert.deepEqual(await again.go(), READ);
    clock.advance(SECOND);
  });

  it('an address answers 30 times in a row, and is left alone then', async () => {
    const { open, reached } = somewhere();
    for (let n = 0; n < 40; n++) {
      const look = wentIn(await open(`http://blog-${n}.example/post`));
      await look.go();
      await look.leave();
    }
    assert.equal(reached.length, 30);
  });

  it('connects to two addresses of each family at most, all of them counted', async () => {
    const v4 = ['93.184.216.1', '93.184.216.2', '93.184.216.3'];
    const v6 = ['2606:2800::1', '2606:2800::2', '2606:2800::3'];
    const { open, reached } = somewhere({ addresses: [...v4, ...v6] });
    const looks = [];
    for (let n = 0; n < 4; n++) {
      const look = wentIn(await open(`http://blog-${n}.example/post`));
      assert.deepEqual(await look.go(), READ);
      looks.push(look);
    }
    assert.deepEqual(reached.slice(0, 4), ['2606:2800::1', '2606:2800::2', '93.184.216.1', '93.184.216.2']);
    const fifth = wentIn(await open('http://blog-5.example/post'));
    assert.equal((await fifth.go()).kind, 'put-off');
    assert.equal(reached.length, 16);
  });

  it('keeps no place at an address that is found when the look is over', async () => {
    const names = Promise.withResolvers<string[]>();
    const { open, visits, reached } = somewhere({ permit: () => names.promise });
    const look = wentIn(await open('http://slow-names.example/post'));
    const answer = look.go();
    await look.leave();
    names.resolve(['93.184.216.34']);
    assert.deepEqual(await answer, { kind: 'failed', trouble: 'timeout' });
    assert.deepEqual(reached, []);
    assert.deepEqual(await fourAtAddress(visits), [null, null, null, null]);
  });

  it('nor at one that is counted then', async () => {
    const counting = Promise.withResolvers<void>();
    const quick = memoryVisits(aClock().now);
    const visits: Visits = {
      ...quick,
      async begin(host, visitor) {
        if (host.kind === 'address') await counting.promise;
        return quick.begin(host, visitor);
      },
    };
    const { open } = somewhere({ visits });
    const look = wentIn(await open('http://blog.example/post'));
    const answer = look.go();
    await look.leave();
    counting.resolve();
    await answer;
    assert.deepEqual(await fourAtAddress(quick), [null, null, null, null]);
  });

  it('keeps no place at an address that it was permitted and did not go to', async () => {
    const [busy, own] = ['93.184.216.1', '93.184.216.2'];
    const { open, visits } = somewhere({ addresses: [busy, own], connectsTo: own });
    for (let n = 0; n < 4; n++) await wentIn(await open(`http://evil-${n}.example/post`)).go();
    const fifth = wentIn(await open('http://evil-5.example/post'));
    assert.equal((await fifth.go()).kind, 'put-off', 'they are all at their own server');
    await fifth.leave();
    const onlyThere = somewhere({ addresses: [busy], visits, as: 'honest' });
    assert.deepEqual(await wentIn(await onlyThere.open('http://honest.example/post')).go(), READ);
  });

  it('is not limited where FETCH_ALLOW lets it go', async () => {
    const { open } = somewhere({ allow: new Set(['127.0.0.1:8000']), addresses: ['127.0.0.1'] });
    for (let n = 0; n < 50; n++) {
      const visit = wentIn(await open('http://127.0.0.1:8000/post'));
      assert.deepEqual(await visit.go(), READ);
    }
    wentIn(await open('http://127.0.0.1:8001/1'));
    wentIn(await open('http://127.0.0.1:8001/2'));
    assert.ok('kind' in (await open('http://127.0.0.1:8001/3')), 'another port is not allowed');
  });

  it('waits while the store cannot count', async () => {
    const away: Visits = {
      begin: () => Promise.reject(new Error('away')),
      end: () => Promise.reject(new Error('away')),
      fullSites: () => Promise.reject(new Error('away')),
    };
    const { open } = somewhere({ visits: away });
    assert.deepEqual(await open('http://blog.example/1'), { kind: 'put-off', waitMs: SECOND });
  });
});
