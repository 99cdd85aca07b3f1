import type { Status } from '../../mentions/mention.ts';
import { ALONG_MS, type Claim, type Lease } from '../../mentions/mentions.ts';
import { newId } from '../new-id.ts';
import { CLAIMED_FIELDS, type ClaimedDoc, toClaimed } from './docs.ts';
import type { Parts } from './parts.ts';
import { tryAgain } from './try-again.ts';

/** How many owed looks are read to choose from, for each one that is wanted. */
const CHOICE = 4;
/** What is public goes along with what is due of the same source. */
const GO_ALONG: readonly Status[] = ['listed', 'withdrawn'];

/** Sources that are claimed together, from and until when. */
interface Wave {
  name: string;
  at: number;
  until: number;
}

interface Candidate {
  key: string;
  domain?: string;
}

/**
 * Claims sources for looks: reads what is owed, in its order, from the index alone; leaves out what one domain has too
 * much of; and takes the rest, unless another process was faster, until there are enough.
 */
export function createClaimDue({ models, now, random }: Parts): (lease: Lease) => Promise<Claim[]> {
  const { mentions } = models;
  const isFree = (at: number) => ({ due: { $lte: at }, leaseUntil: { $lte: at } });

  return async ({ forMs, limit, passOver = [], ofDomain = Infinity }) => {
    const claims: Claim[] = [];
    const claimed = new Map<string, number>();
    for (;;) {
      const enough = [...claimed].filter(([, sources]) => sources >= ofDomain).map(([domain]) => domain);
      const wanted = limit - claims.length;
      const most = wanted * CHOICE;
      const found = await owed([...passOver, ...enough], most);
      const keys = choose(found, { wanted, ofDomain, claimed });
      const got = keys.length > 0 ? await claimAll(keys, forMs) : [];
      claims.push(...got);
      if (claims.length >= limit || (found.length < most && got.length === keys.length)) return claims;
    }
  };

  function owed(passOver: readonly string[], limit: number): Promise<Candidate[]> {
    return mentions
      .find({ ...isFree(now()), domain: { $nin: passOver } })
      .sort({ due: 1 })
      .limit(limit)
      .select('key domain -_id')
      .lean();
  }

  /** Of these sources those that nobody else was faster at, all leased by one update and read at once. */
  async function claimAll(keys: readonly string[], forMs: number): Promise<Claim[]> {
    const at = now();
    const wave: Wave = { name: newId(random), at, until: at + forMs };
    const isOurs = ({ key, leaseToken }: ClaimedDoc) => leaseToken === tokenIn(wave, key);

    await lease(wave, { key: { $in: keys }, due: { $lte: at } });
    let stored = await storedOf(keys);
    const ours = new Set(stored.filter(isOurs).map(doc => doc.key));
    const won = keys.filter(key => ours.has(key));
    if (stored.some(doc => ours.has(doc.key) && !isOurs(doc) && goesAlong(doc, at))) {
      await lease(wave, { key: { $in: won }, due: { $lte: at + ALONG_MS }, status: { $in: GO_ALONG } });
      stored = await storedOf(won);
    }
    return won.map(key => {
      const docs = stored.filter(doc => doc.key === key);
      return {
        token: tokenIn(wave, key),
        key,
        mentions: docs.filter(isOurs).map(doc => toClaimed(doc, at)),
        restMs: Math.max(0, ...docs.map(({ rest }) => (rest?.allUntil ?? 0) - at)),
      };
    });
  }

  async function lease(wave: Wave, which: object): Promise<void> {
    const change = {
      leaseToken: { $concat: [tokenIn(wave, ''), '$key'] },
      leaseUntil: wave.until,
      attempts: { $add: ['$attempts', 1] },
    };
    await tryAgain(() =>
      mentions.updateMany({ ...which, leaseUntil: { $lte: wave.at } }, [{ $set: change }], {
        updatePipeline: true,
      }),
    );
  }

  function storedOf(keys: readonly string[]): Promise<ClaimedDoc[]> {
    return mentions
      .find({ key: { $in: keys } })
      .select(CLAIMED_FIELDS)
      .lean();
  }
}

/** Each source has a token of its own, which one update can write for many. */
const tokenIn = ({ name }: Wave, key: string): string => `${name} ${key}`;

function goesAlong({ due, leaseUntil, status }: ClaimedDoc, at: number): boolean {
  return due !== null && due <= at + ALONG_MS && leaseUntil <= at && GO_ALONG.includes(status);
}

/** Each source once, and no more of a domain than its share; counts in `claimed` what it chose. */
function choose(
  found: Candidate[],
  { wanted, ofDomain, claimed }: { wanted: number; ofDomain: number; claimed: Map<string, number> },
): string[] {
  const chosen = new Set<string>();
  for (const { key, domain = '' } of found) {
    const others = claimed.get(domain) ?? 0;
    if (chosen.size === wanted || chosen.has(key) || (domain !== '' && others >= ofDomain)) continue;
    chosen.add(key);
    if (domain !== '') claimed.set(domain, others + 1);
  }
  return [...chosen];
}
