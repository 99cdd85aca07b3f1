import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import type { Deadline } from '../../server/mentions/receive.ts';
import { createReceiveAt } from '../../server/mentions/receive-at.ts';
import { within } from '../../server/storage/deadline.ts';

const deadline: Deadline = (answer, until) => within(answer, until - performance.now(), 'a ping');
const CLAIM = { source: 'http://blog.example/1', words: {} };
const TARGET = 'http://hub.example/t/night-sky';

describe('a ping that names its topic by an address', () => {
  const at = (until: number) => ({ target: TARGET, via: 'pingback', sender: null, until }) as const;

  it('has one deadline for the target and what follows', async () => {
    const untils: number[] = [];
    const receiveAt = createReceiveAt({
      readTarget: async () => ({ slug: 'night-sky' }),
      receive: async (_said, { until }) => {
        untils.push(until);
        return { refusal: 'private', topic: null };
      },
      deadline,
      log: pino({ level: 'silent' }),
    });
    const until = performance.now() + 60_000;
    await receiveAt(CLAIM, at(until));
    assert.deepEqual(untils, [until]);
  });

  it('is told that the store is away when its target is not found out in time', async () => {
    const receiveAt = createReceiveAt({
      readTarget: () => new Promise(() => {}),
      receive: async said => ({ refusal: said as 'store-away', topic: null }),
      deadline,
      log: pino({ level: 'silent' }),
    });
    const taken = await receiveAt(CLAIM, at(performance.now()));
    assert.deepEqual(taken, { refusal: 'store-away', topic: null });
  });
});
