import type { ClaimedMention } from '../../server/mentions/mentions.ts';
import type { Seen } from '../../server/verification/outcomes.ts';

const words = { title: 'Orion', excerpt: null, blogName: null };

/** A post as the worker claims it, in this state. */
export function aClaimed(
  status: ClaimedMention['status'],
  over: Partial<ClaimedMention> = {},
): ClaimedMention {
  return {
    id: '0000000000',
    topicId: 't',
    key: 'blog.example/1',
    sourceUrl: 'http://blog.example/1',
    status,
    claim: words,
    shown: null,
    page: null,
    evidence: null,
    sincePing: 0,
    sinceLook: null,
    tries: 0,
    attempts: 1,
    failing: null,
    listedKey: null,
    pings: 1,
    ...over,
  };
}

/** What a look at that post sees when the link is there. */
export const LINKED: Seen = {
  saw: 'linked',
  finalUrl: 'http://blog.example/1',
  finalKey: 'blog.example/1',
  site: 'blog.example',
  page: { ...words, language: 'en', at: Date.UTC(2026, 6, 17), author: null, published: null },
  shown: { ...words, language: 'en' },
};
