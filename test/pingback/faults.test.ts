import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Refusal } from '../../server/mentions/mention.ts';
import { accepted, broken, misread, missed, refused } from '../../server/pingback/faults.ts';
import type { Misread } from '../../server/pingback/xml-rpc.ts';
import type { TargetMiss } from '../../server/topics/targets.ts';
import { readResponse } from '../support/pingback.ts';

const RECEIPT = 'https://hub.example/pings/7k3mq2xd01';

/** The codes as the specification has them; the interoperability list it refers to has the negative ones. */
const REFUSALS: Record<Refusal, number> = {
  'no-address': 16,
  'bad-address': 16,
  'not-public': 16,
  'too-long': 16,
  'own-address': 17,
  'not-post': 17,
  'unknown-topic': 32,
  'too-large': 0,
  unreadable: -32700,
  blocked: 49,
  removed: 49,
  'too-many': 49,
  busy: 50,
  'store-away': 50,
  private: 49,
};
const MISSES: TargetMiss[] = ['no-target', 'bad-target', 'front-page', 'other-page', 'elsewhere'];
const MISREAD: Record<Misread, number> = {
  'not-xml-rpc': -32700,
  'other-method': -32601,
  'wrong-parameters': -32602,
};

describe('a Pingback answer', () => {
  it('is one string for a success, with the receipt in it', () => {
    assert.deepEqual(readResponse(accepted(RECEIPT)), {
      value: `The ping is recorded. What becomes of it: ${RECEIPT}`,
    });
  });

  it('never holds the letters "fault" in a success, by which two clients tell a failure', () => {
    assert.doesNotMatch(accepted(RECEIPT), /fault/i);
    assert.match(broken(), /fault/i);
  });

  it('is a fault with a code of the specification and a sentence for everything else', () => {
    const sentence = /^[A-Z].{20,}\.$/;
    const check = (xml: string, code: number) => {
      const said = readResponse(xml);
      assert.ok('code' in said, xml);
      assert.equal(said.code, code, xml);
      assert.match(said.words.replace(/^pingback/, 'P'), sentence);
    };
    for (const [refusal, code] of Object.entries(REFUSALS)) check(refused(refusal as Refusal), code);
    for (const miss of MISSES) check(missed(miss), 33);
    for (const [why, code] of Object.entries(MISREAD)) check(misread(why as Misread), code);
    check(broken(), 0);
  });

  it('has words of its own for each way to miss a topic', () => {
    assert.equal(new Set(MISSES.map(missed)).size, MISSES.length);
  });
});
