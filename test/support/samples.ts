import type { Evidence, Mention, NearMiss, PageFacts, Shown } from '../../server/mentions/mention.ts';
import type { Listed } from '../../server/mentions/mentions.ts';
import type { Topic } from '../../server/topics/topic.ts';
import type { DryRun } from '../../server/verification/dry-run.ts';

/** A topic with posts, as the store gives it; `over` says what matters to the test. */
export function aTopic(over: Partial<Topic> = {}): Topic {
  return {
    id: 't0p1c00001',
    slug: 'static-site-generators',
    formerSlugs: [],
    title: 'Static site generators',
    definition: 'Tools that turn a folder of text into a website.',
    version: 7,
    changedAt: Date.parse('2026-07-17T14:02:19Z'),
    openedAt: Date.parse('2024-03-02T08:00:00Z'),
    posts: 142,
    blogs: 61,
    months: { '2026-07': 12, '2024-03': 9, '2025-12': 121 },
    lastListedAt: Date.parse('2026-07-17T14:02:19Z'),
    ...over,
  };
}

/** A topic that nobody has written about. */
export function anEmptyTopic(over: Partial<Topic> = {}): Topic {
  return aTopic({ posts: 0, blogs: 0, months: {}, lastListedAt: null, ...over });
}

/** A listed post; its words can be changed one by one through `shown`. */
export function aListed(
  over: Partial<Omit<Listed, 'shown'>> & { shown?: Partial<Listed['shown']> } = {},
): Listed {
  return {
    id: 'm3nt10n001',
    url: 'https://plainpaper.example/2026/eleventy-weekend',
    listedKey: 'plainpaper.example/2026/eleventy-weekend',
    site: 'plainpaper.example',
    doors: ['trackback'],
    listedAt: Date.parse('2026-07-17T14:02:19Z'),
    author: null,
    published: null,
    ...over,
    shown: {
      title: 'Eleventy in a weekend',
      excerpt: 'Eight hundred posts, eleven years of categories nobody used.',
      blogName: 'Plain Paper',
      language: 'en',
      ...over.shown,
    },
  };
}

const AT = Date.parse('2026-07-17T14:02:11Z');

/** A post in a topic as it is stored, pinged at 14:02:11 and not looked at yet. */
export function aMention(over: Partial<Mention> = {}): Mention {
  return {
    id: 'm3nt10n001',
    topicId: 't0p1c00001',
    key: 'marigold.example/choosing',
    sourceUrl: 'https://marigold.example/choosing',
    finalUrl: null,
    listedKey: null,
    mergedInto: null,
    site: 'marigold.example',
    status: 'pending',
    doors: [{ via: 'trackback', at: AT, last: AT }],
    claim: { title: 'Choosing a generator', excerpt: 'For other people.', blogName: 'Marigold' },
    page: null,
    shown: null,
    said: 'url: https://marigold.example/choosing\ntitle: Choosing a <b>generator</b>',
    evidence: null,
    firstPingAt: AT,
    lastPingAt: AT,
    listedAt: null,
    due: AT,
    tries: 0,
    attempts: 0,
    failing: null,
    rest: null,
    history: [{ at: AT, kind: 'pinged', via: 'trackback' }],
    ...over,
  };
}

/** What a look one second after the ping met: a page of 23 links, of which none counts. */
export function anEvidence(over: Partial<Evidence> = {}): Evidence {
  return {
    at: AT + 1_000,
    saw: 'no-link',
    finalUrl: 'https://marigold.example/choosing',
    redirects: 0,
    tookMs: 800,
    status: 200,
    bytes: 46 * 1024,
    links: 23,
    link: null,
    miss: null,
    ...over,
  };
}

/** The sample mention after a look that met this, and what it became. */
export function aLookedAt(
  status: Mention['status'],
  evidence: Partial<Evidence>,
  over: Partial<Mention> = {},
): Mention {
  const met = anEvidence(evidence);
  const before = aMention();
  const sight = met.status === null ? { saw: met.saw } : { saw: met.saw, status: met.status };
  return {
    ...before,
    status,
    evidence: met,
    due: null,
    history: [
      ...before.history,
      { at: met.at, kind: 'looked', ...sight },
      ...(status === 'pending' ? [] : [{ at: met.at, kind: 'became', status } as const]),
    ],
    ...over,
  };
}

/** The sample mention as it is listed. */
export function aListedMention(over: Partial<Mention> = {}): Mention {
  const words = {
    title: 'Choosing a generator',
    excerpt: 'For other people.',
    blogName: 'Marigold',
    language: 'en',
  };
  const link = {
    to: 'page',
    address: 'https://hub.example/t/static-site-generators',
    sentence: 'filed under Static site generators with the others.',
  } as const;
  return aLookedAt(
    'listed',
    { saw: 'linked', link },
    {
      finalUrl: 'https://marigold.example/choosing',
      listedKey: 'marigold.example/choosing',
      listedAt: AT + 1_000,
      due: AT + 3_601_000,
      tries: 1,
      page: { ...words, at: AT + 1_000, author: null, published: null },
      shown: words,
      ...over,
    },
  );
}

/** The sample mention without the link, which came as near as this. */
export function aNearMiss(miss: NearMiss, over: Partial<Mention> = {}): Mention {
  return aLookedAt('unlinked', { miss }, { due: AT + 300_000, ...over });
}

/** A dry run of the sample post: as it would be listed, or (`miss`) without the link. */
export function aDryRun({ miss }: { miss?: NearMiss } = {}): DryRun {
  const finalUrl = 'https://marigold.example/choosing';
  if (miss) return { seen: { saw: 'no-link' }, evidence: anEvidence({ miss }) };
  const { page, shown, evidence } = aListedMention();
  return {
    seen: {
      saw: 'linked',
      finalUrl,
      finalKey: 'marigold.example/choosing',
      site: 'marigold.example',
      page: page as PageFacts,
      shown: shown as Shown,
    },
    evidence: evidence as Evidence,
  };
}
