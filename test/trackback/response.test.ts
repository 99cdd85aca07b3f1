import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Refusal } from '../../server/mentions/mention.ts';
import { accepted, notTaken, refused } from '../../server/trackback/response.ts';
import { assertWellFormed } from '../support/feed.ts';

const REFUSALS: Record<Refusal, true> = {
  'no-address': true,
  'bad-address': true,
  'not-public': true,
  'too-long': true,
  'own-address': true,
  'not-post': true,
  'unknown-topic': true,
  'too-large': true,
  unreadable: true,
  blocked: true,
  removed: true,
  'too-many': true,
  busy: true,
  'store-away': true,
  private: true,
};

/**
 * How four real senders read an answer (protocols.md 1.5 says what was measured; these patterns are
 * ours, with the same verdicts).
 */
const SENDERS: Record<string, (body: string) => 'ok' | string> = {
  'Movable Type': body => {
    const [, error, message] = /<error>(\d+)<\/error>\s*<message>([\s\S]+?)<\/message>/.exec(body) ?? [];
    return error && error !== '0' ? String(message) : 'ok';
  },
  PEAR: body => {
    const error = /<error>([01])<\/error>/.exec(body)?.[1];
    if (error === undefined) throw new Error('invalid answer');
    return error === '0' ? 'ok' : (/<message>([^<]+)<\/message>/.exec(body)?.[1] ?? 'no text');
  },
  Serendipity: body =>
    /<error>[1-9]/.test(body) ? (/<message>([^<]+)<\/message>/.exec(body)?.[1] ?? 'unknown') : 'ok',
  Dotclear: body => {
    const found = /<response>\s*<error>(\d)<\/error>(?:\s*<message>(.*?)<\/message>)?/.exec(body);
    if (!found) throw new Error('invalid answer');
    return found[1] === '0' ? 'ok' : String(found[2]);
  },
};

describe('a TrackBack answer', () => {
  const yes = accepted('https://hub.example/t/night-sky', 'https://hub.example/pings/7k3mq2xd01');

  it('has the one shape that every sender reads', () => {
    assert.equal(
      refused('no-address'),
      '<?xml version="1.0" encoding="utf-8"?>\n<response>\n<error>1</error>\n' +
        '<message>The ping had no address of a post in it. The field &quot;url&quot; is needed.</message>\n</response>\n',
    );
  });

  for (const [sender, read] of Object.entries(SENDERS)) {
    it(`is believed by ${sender}`, () => {
      assert.equal(read(yes), 'ok');
      for (const refusal of Object.keys(REFUSALS) as Refusal[]) {
        const said = read(refused(refusal));
        assert.ok(said.length > 20 && said !== 'ok', `${refusal}: ${said}`);
      }
    });
  }

  it('is well-formed, on one line, and never says "fault" of a success', () => {
    for (const body of [
      yes,
      notTaken('a <b> & "c"\nd'),
      ...(Object.keys(REFUSALS) as Refusal[]).map(refused),
    ]) {
      assertWellFormed(body);
      assert.doesNotMatch(String(/<message>([\s\S]*)<\/message>/.exec(body)?.[1]), /[\n<]/);
    }
    assert.doesNotMatch(yes, /fault/i);
  });

  it('has a message beside error 0 that says where to look: the receipt, and what to link to', () => {
    const message = /<error>0<\/error>\n<message>([^<]*)<\/message>/.exec(yes)?.[1];
    assert.match(String(message), /What becomes of it: https:\/\/hub\.example\/pings\/7k3mq2xd01 /);
    assert.match(String(message), / links to https:\/\/hub\.example\/t\/night-sky$/);
  });
});
