import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from 'express';
import { createArrivals } from '../../server/web/arrivals.ts';

/** Until when the sender of a request waits that came at 5,000 and was read so many milliseconds later. */
function untilOf(readAfterMs: number): number {
  let time = 5_000;
  const { note, cameWith } = createArrivals(
    () => null,
    () => time,
  );
  const request = {} as Request;
  note(request);
  time += readAfterMs;
  return cameWith(request).until;
}

describe('until when a sender waits', () => {
  it('counts from when the request came, the time that its limits took included', () => {
    assert.equal(untilOf(250), 5_600);
  });

  it('leaves the store some time when the body came slowly', () => {
    assert.equal(untilOf(9_000), 14_300);
  });
});

it('a request comes with its sender where senders are named', () => {
  const { cameWith } = createArrivals(
    ({ ip }) => ip ?? null,
    () => 0,
  );
  assert.equal(cameWith({ ip: '192.0.2.7' } as Request).sender, '192.0.2.7');
});
