import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Refusal } from '../../server/mentions/mention.ts';
import type { TargetMiss } from '../../server/topics/targets.ts';
import { accepted, BROKEN, missed, refused } from '../../server/webmention/response.ts';

/** Whatever the sender can mend is 400 (Webmention 3.2.3); the rest asks for patience. */
const REFUSALS: Record<Refusal, number> = {
  'no-address': 400,
  'bad-address': 400,
  'not-public': 400,
  'too-long': 400,
  'own-address': 400,
  'not-post': 400,
  'unknown-topic': 400,
  'too-large': 400,
  unreadable: 400,
  blocked: 400,
  removed: 400,
  'too-many': 429,
  busy: 503,
  'store-away': 503,
  private: 400,
};
const MISSES: Record<TargetMiss, true> = {
  'no-target': true,
  'bad-target': true,
  'front-page': true,
  'other-page': true,
  elsewhere: true,
};

describe('a Webmention answer', () => {
  it('is one line of plain words, with the status that the sender can act upon', () => {
    const answers = [
      ...Object.entries(REFUSALS).map(([refusal, status]) => ({ ...refused(refusal as Refusal), status })),
      ...Object.keys(MISSES).map(miss => missed(miss as TargetMiss)),
      BROKEN,
    ];
    for (const { words } of answers) assert.match(words, /^[A-Z][^\n<]{20,}\.\n$/);
    assert.equal(new Set(answers.map(answer => answer.words)).size, answers.length, 'each has its own');
    for (const [refusal, status] of Object.entries(REFUSALS)) {
      assert.equal(refused(refusal as Refusal).status, status, refusal);
    }
  });

  it('never holds the letters "fault" in a success', () => {
    assert.equal(
      accepted('https://h/pings/x'),
      'The webmention is recorded. What becomes of it: https://h/pings/x\n',
    );
  });
});
