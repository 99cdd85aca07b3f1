import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Mention, Trouble } from '../../server/mentions/mention.ts';
import { explain, shownOf } from '../../server/receipts/explain.ts';
import type { Known } from '../../server/receipts/explained.ts';
import { receiptJson } from '../../server/receipts/receipt-json.ts';
import { receiptPage } from '../../server/receipts/receipt-page.ts';
import { plain } from '../../server/receipts/say.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../support/clock.ts';
import { openPage, said, urls } from '../support/pages.ts';
import { aListedMention, aLookedAt, aMention, aTopic } from '../support/samples.ts';

const AT = Date.parse('2026-07-17T14:02:11Z');
const STEPS = ['Ping received', 'Post fetched', 'Link to the topic', 'Moderation', 'Listed'];

/** What a receipt says of a mention, as plain text; `over` is what else is known. */
function told(mention: Mention, over: Partial<Known> = {}) {
  const explained = explain({
    mention,
    topic: aTopic(),
    into: null,
    otherTopic: null,
    lookableAt: null,
    now: AT + MINUTE,
    urls,
    ...over,
  });
  assert.deepEqual(
    explained.steps.map(step => step.name),
    STEPS,
  );
  const { $ } = openPage('receipt', receiptPage(explained));
  return {
    explained,
    json: receiptJson(explained),
    stamp: explained.stamp.word,
    state: explained.stamp.state,
    headline: plain(explained.headline),
    lede: plain(explained.lede),
    words: explained.steps.map(step => step.word),
    text: (step: number) => plain(explained.steps[step]?.text ?? []),
    todo: explained.next.todo.map(one => plain(one.text)),
    button: explained.next.button,
    nextLook: plain(explained.next.nextLook),
    page: said($('main').text()),
  };
}

describe('a receipt, state by state', () => {
  it('pinged and not looked at yet', () => {
    const { stamp, state, headline, lede, words, button, text, json } = told(aMention());
    assert.deepEqual([stamp, state, headline], ['Being checked', 'wait', 'We are looking at your post']);
    assert.match(lede, /Look again/);
    assert.deepEqual(words, ['Done', 'Being checked', 'Not reached', 'Not reached', 'Not reached']);
    assert.equal(text(0), 'By TrackBack.');
    assert.equal(button, null, 'it is pressed already');
    assert.equal(json.status, 'pending');
    assert.deepEqual(
      json.steps.map(step => step.state),
      ['done', 'waiting', 'not-reached', 'not-reached', 'not-reached'],
    );
  });

  it('put off, because its blog was asked for many pages', () => {
    for (const mention of [aMention({ due: AT + 4 * SECOND }), aMention({ due: AT - MINUTE })]) {
      const { stamp, lede, text, nextLook } = told(mention, { now: AT });
      assert.equal(nextLook, 'The next look comes in its turn.');
      assert.equal(stamp, 'Being checked');
      assert.match(lede, /^Your ping arrived\. Other posts of the same blog, .* Look again\.$/);
      assert.equal(
        text(1),
        'We look at the post in its turn: no blog is asked for more than 30 pages a minute.',
      );
    }
    assert.match(told(aMention(), { now: AT }).text(1), /a few seconds/);
  });

  it('put off, because its blog asked for a pause', () => {
    const due = AT + 60 * MINUTE;
    const { lede, text, nextLook } = told(aMention({ due }), { now: AT, lookableAt: due });
    assert.match(lede, /^Your ping arrived\. We look at your post when your blog lets us/);
    assert.equal(text(1), 'Your blog asked us to wait.');
    assert.equal(nextLook, 'Next look: 17 July 2026, 15:02.');
  });

  it('through several doors, again and again', () => {
    const at = AT + 20 * SECOND;
    const mention = aMention({
      doors: [
        { via: 'pingback', at: AT, last: AT },
        { via: 'trackback', at, last: at },
      ],
      history: [
        { at: AT, kind: 'pinged', via: 'pingback' },
        { at: AT + 1, kind: 'pinged', via: 'trackback', count: 2, last: at },
      ],
    });
    const { text, json, page } = told(mention);
    assert.equal(
      text(0),
      'By Pingback and TrackBack. It came 3 times, counted once; the last time on 17 July 2026, 14:02.',
    );
    assert.deepEqual(json.doors[0], { via: 'pingback', at: '2026-07-17T14:02:11Z' });
    assert.match(page, /Receipt M3NT1-0N001/);
  });

  it('merged from two addresses, of which each had a ping of its own', () => {
    const later = AT + 20 * SECOND;
    const { text } = told(
      aMention({
        doors: [
          { via: 'webmention', at: AT, last: AT },
          { via: 'pingback', at: later, last: later },
        ],
        history: [{ at: AT, kind: 'pinged', via: 'webmention' }],
      }),
    );
    assert.equal(
      text(0),
      'By Webmention and Pingback. It came twice, counted once; the last time on 17 July 2026, 14:02.',
    );
  });

  it('trying again', () => {
    const now = AT + 2 * MINUTE;
    const due = AT + 10 * MINUTE;
    const mention = aLookedAt('pending', { saw: 'timeout', status: null }, { due, tries: 2 });
    const { stamp, headline, words, text, button, nextLook, json } = told(mention, { now });
    assert.deepEqual([stamp, headline], ['Trying again', 'We could not read your post yet']);
    assert.deepEqual(words.slice(0, 3), ['Done', 'Trying again', 'Not reached']);
    assert.equal(
      text(1),
      'marigold.example did not answer within 10 seconds. Next try: 17 July 2026, 14:12; last try: 18 July 2026, 15:12.',
    );
    assert.equal(button, 'Check my post again');
    assert.equal(nextLook, 'We also try again by ourselves. Next look: 17 July 2026, 14:12.');
    assert.equal(json.nextLook, '2026-07-17T14:12:11Z');
    const last = told({ ...mention, tries: 4 }, { now });
    assert.match(last.text(1), /Next and last try: 17 July 2026, 14:12\.$/);
    assert.match(last.page, /The post: ?https:\/\/marigold\.example\/choosing/);
    const running = told({ ...mention, due: now }, { now });
    assert.equal(running.stamp, 'Being checked');
    assert.match(running.text(1), /We try again now/);
  });

  it('listed', () => {
    const { stamp, state, headline, words, text, button, nextLook, page, json } = told(aListedMention());
    assert.deepEqual([stamp, state, headline], ['Listed', 'ok', 'Your post is on Static site generators']);
    assert.deepEqual(words, ['Done', 'Done', 'Found', 'Not needed', 'Done']);
    assert.equal(text(1), 'marigold.example answered 200 OK in 0.8 seconds with 46 KB of HTML.');
    assert.match(text(4), /^See it on the topic page\. Feed readers get it the next time they ask/);
    assert.match(page, /In this sentence “filed under Static site generators with the others\.”/);
    assert.match(page, /What is listed Topic ?Static site generators Title ?Choosing a generator/);
    assert.match(
      page,
      /The ping, word for word ?url: https:\/\/marigold\.example\/choosing title: Choosing a <b>generator<\/b>/,
    );
    assert.equal(button, 'Read my post again');
    assert.equal(nextLook, 'Next look: 17 July 2026, 15:02.');
    assert.deepEqual(json.shown, {
      title: 'Choosing a generator',
      excerpt: 'For other people.',
      blogName: 'Marigold',
      language: 'en',
    });
    assert.deepEqual([json.nearestMiss, json.topic], [null, 'static-site-generators']);
  });

  it('listed, with a look that failed since', () => {
    const listed = aListedMention();
    const mention = {
      ...listed,
      evidence: null,
      due: AT + DAY,
      failing: { times: 1, since: AT },
      history: [...listed.history, { at: AT + HOUR, kind: 'looked', saw: 'status', status: 500 } as const],
    };
    const { stamp, words, text } = told(mention, { now: AT + 2 * HOUR });
    assert.equal(stamp, 'Listed');
    assert.deepEqual(words, ['Done', 'Trying again', 'Found', 'Not needed', 'Done']);
    assert.match(text(1), /answered 500 Internal Server Error\. Next try: 18 July 2026, 14:02\./);
    assert.match(text(2), /when we last read the post, on 17 July 2026/);
  });

  it('waiting for a person', () => {
    const { stamp, words, button, page } = told(
      aLookedAt('held', { saw: 'linked' }, { shown: aListedMention().shown }),
    );
    assert.equal(stamp, 'Waiting for a person');
    assert.deepEqual(words.slice(2), ['Found', 'Waiting since 17 July 2026, 14:02', 'Not reached']);
    assert.match(page, /Nothing for you to do.*What will be listed/);
    assert.equal(button, 'Read my post again');
  });

  it('declined', () => {
    const shown = aListedMention().shown;
    const { stamp, headline, words, button, explained } = told(
      aLookedAt('junk', { saw: 'linked' }, { shown }),
    );
    assert.deepEqual([stamp, headline], ['Declined', 'A moderator declined this post']);
    assert.deepEqual(words.slice(3), ['Declined', 'Not reached']);
    assert.equal(button, null, 'the decision is a person’s');
    assert.equal(shownOf(explained.known.mention), null);
  });

  it('without the link, and asked to look again', () => {
    const mention = aLookedAt('unlinked', {}, { due: AT + HOUR });
    const { stamp, headline, words, nextLook } = told(mention);
    assert.equal(stamp, 'Not listed');
    assert.equal(headline, 'We read your post, but it does not link to Static site generators');
    assert.deepEqual(words.slice(1), ['Done', 'Not found', 'Not reached', 'Not reached']);
    assert.match(
      nextLook,
      /5 minutes, 1 hour and 24 hours after the ping\. Next look: 17 July 2026, 15:02\.$/,
    );
    assert.match(told({ ...mention, due: null }).nextLook, /^We do not look again by ourselves\.$/);
    const running = told({ ...mention, due: AT });
    assert.deepEqual([running.stamp, running.button], ['Being checked', null]);
    assert.match(running.lede, /once more\. What stands below is what we saw the last time\. Look again/);
  });

  it('merged, which stands where the other one stands', () => {
    const into = aListedMention({ id: 'm3nt10n002' });
    const mention = aLookedAt('merged', { saw: 'linked' }, { mergedInto: into.id });
    const { stamp, words, lede, page, button, explained } = told(mention, { into });
    assert.equal(stamp, 'Listed');
    assert.equal(words[4], 'Done');
    assert.match(lede, /See the receipt of that address/);
    assert.ok(explained.lede.some(piece => piece.href === urls.receipt(into.id)));
    assert.match(page, /listed once, under another address/);
    assert.equal(button, null);
    const gone = aLookedAt('removed', { saw: 'linked' }, { id: into.id });
    assert.deepEqual(
      [told(mention, { into: gone }).stamp, told(mention).words[4]],
      ['Not listed', 'Not reached'],
    );
  });

  it('withdrawn, with its reason', () => {
    const withdrawn = (saw: 'no-link' | 'gone' | 'dns', due: number | null) =>
      told(aListedMention({ ...aLookedAt('withdrawn', { saw, status: null }), due, listedAt: AT + 1 }));
    const { stamp, words, text, nextLook, button } = withdrawn('no-link', AT + 30 * DAY);
    assert.equal(stamp, 'Withdrawn');
    assert.deepEqual(words.slice(2), ['Not found', 'Not needed', 'Withdrawn']);
    assert.equal(text(4), 'The link was gone when we looked on 17 July 2026.');
    assert.match(nextLook, /every 30 days\. Next look: 16 August 2026, 14:02\./);
    assert.equal(button, 'Check my post again');
    assert.match(withdrawn('gone', null).text(4), /^The post was deleted when/);
    assert.match(withdrawn('gone', null).nextLook, /do not look again/);
    assert.match(withdrawn('dns', AT + DAY).text(4), /^The server could not be found for days when/);
  });

  it('withdrawn, for the reason it had then, whatever was seen since', () => {
    const gone = aLookedAt('withdrawn', { saw: 'no-link' });
    const later = { at: AT + 30 * DAY, kind: 'looked', saw: 'timeout' } as const;
    const { text } = told({ ...gone, history: [...gone.history, later] }, { now: AT + 31 * DAY });
    assert.match(text(1), /did not answer within 10 seconds/);
    assert.equal(text(4), 'The link was gone when we looked on 17 July 2026.');
    const forgotten = told({ ...gone, evidence: null, history: [later] }, { now: AT + 31 * DAY });
    assert.equal(forgotten.text(4), 'The link or the post was gone when we looked.');
  });

  it('withdrawn, because the address that led to it leads elsewhere', () => {
    const before = aListedMention({ status: 'withdrawn' });
    const mention = {
      ...before,
      history: [
        ...before.history,
        { at: AT + DAY, kind: 'looked', saw: 'moved' } as const,
        { at: AT + DAY, kind: 'became', status: 'withdrawn' } as const,
      ],
    };
    const { words, text, todo } = told(mention);
    assert.equal(words[2], 'Not found');
    assert.match(text(2), /leads to another site now/);
    assert.match(text(4), /^The address led to another site when/);
    assert.match(String(todo[0]), /address your readers see/);
  });

  it('removed, which quotes nothing of the post any more', () => {
    const listed = aListedMention();
    const mention = { ...listed, status: 'removed', due: null } as const;
    const { stamp, words, text, page, button, json } = told(mention);
    assert.deepEqual([stamp, words[4], button], ['Not listed', 'Removed', null]);
    assert.match(text(4), /^On request\./);
    assert.equal(json.shown, null);
    for (const word of ['Choosing', 'Marigold', 'other people', 'with the others'])
      assert.ok(!page.includes(word), word);
  });
});

describe('a post that could not be read', () => {
  const WORDS: Record<Trouble | 'gone' | 'not-html', RegExp> = {
    dns: /^There is no server called marigold\.example\.$/,
    'not-public': /not on the public web/,
    connect: /did not take our connection/,
    tls: /^The certificate of marigold\.example is not valid, so we did not read the page\.$/,
    timeout: /^marigold\.example did not answer within 10 seconds\.$/,
    status: /^marigold\.example answered 404 Not Found: there is no page at this address\.$/,
    redirects: /more redirects than we follow/,
    'broken-answer': /not proper HTTP/,
    'broke-reader': /stops our reader/,
    interrupted: /The fault is ours/,
    gone: /answered 410 Gone/,
    'not-html': /^The address leads to a file, not to a web page\.$/,
  };
  for (const [saw, words] of Object.entries(WORDS) as [Trouble, RegExp][]) {
    it(saw, () => {
      const status = saw === 'status' ? 404 : null;
      const {
        stamp,
        headline,
        words: steps,
        text,
        todo,
        button,
      } = told(aLookedAt('unreachable', { saw, status }));
      assert.deepEqual([stamp, headline], ['Not listed', 'We could not read your post']);
      assert.deepEqual(steps.slice(1, 3), ['Failed', 'Not reached']);
      assert.match(text(1), words);
      assert.deepEqual([todo.length, button], [2, 'Check my post again']);
    });
  }

  it('says what a login or a filter may have to do with it, and names statuses of any kind', () => {
    const text = (status: number) => told(aLookedAt('unreachable', { saw: 'status', status })).text(1);
    assert.match(text(403), /403 Forbidden\. A login or a bot filter may stand in front of the post\.$/);
    assert.match(text(429), /429 Too Many Requests: it asks us to come back later\.$/);
    assert.match(text(799), /answered 799\.$/);
  });

  it('also from its history alone', () => {
    const { text } = told(aLookedAt('unreachable', { saw: 'status', status: 404 }, { evidence: null }));
    assert.match(text(1), /404 Not Found/);
    assert.match(told(aLookedAt('unlinked', {}, { evidence: null })).text(2), /^No link in the post leads/);
  });

  it('names redirects and small pages', () => {
    const over = {
      saw: 'linked',
      redirects: 2,
      tookMs: 12,
      bytes: 300,
      finalUrl: 'https://b.example/x',
    } as const;
    assert.equal(
      told(aLookedAt('listed', over)).text(1),
      'After 2 redirects b.example answered 200 OK in less than 0.1 seconds with 1 KB of HTML.',
    );
  });
});
