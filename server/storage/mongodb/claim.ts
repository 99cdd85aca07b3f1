import { ALONG_MS, type Claim, type Lease } from '../../mentions/mentions.ts';
import { newId } from '../new-id.ts';
import { toClaimed } from './docs.ts';
import type { Parts } from './parts.ts';
import { tryAgain } from './try-again.ts';

/** Claims that go out side by side; more of them get into each other's way. */
const CLAIMS_AT_ONCE = 8;
/** How many owed looks are read to choose from, for each one that is wanted. */
const CHOICE = 4;

interface Candidate {
  key: string;
  domain?: string;
}

/**
 * Claims sources for looks: reads what is owed, in its order, from the index alone; leaves out what one domain has too
 * much of; and takes each of the rest, unless another process was faster, until there are enough.
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
      let lost = false;
      for (let from = 0; from < keys.length; from += CLAIMS_AT_ONCE) {
        const wave = keys.slice(from, from + CLAIMS_AT_ONCE).map(key => claimKey(key, forMs));
        const got = await Promise.all(wave);
        claims.push(...got.filter(claim => claim !== null));
        lost ||= got.includes(null);
      }
      if (claims.length >= limit || (found.length < most && !lost)) return claims;
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

  /** One source under one token: the longest owed mention, then whatever else of its key is due or goes along. */
  async function claimKey(key: string, forMs: number): Promise<Claim | null> {
    const at = now();
    const token = newId(random);
    const lease = { $set: { leaseToken: token, leaseUntil: at + forMs }, $inc: { attempts: 1 } };
    const first = await tryAgain(() =>
      mentions
        .findOneAndUpdate({ key, ...isFree(at) }, lease, { sort: { due: 1 }, returnDocument: 'after' })
        .lean(),
    );
    if (!first) return null;
    const [others, rests] = await Promise.all([
      mentions.updateMany(
        {
          key,
          due: { $lte: at + ALONG_MS },
          leaseUntil: { $lte: at },
          $or: [{ due: { $lte: at } }, { status: { $in: ['listed', 'withdrawn'] } }],
        },
        lease,
      ),
      mentions
        .find({ key, 'rest.allUntil': { $gt: at } })
        .select('rest')
        .lean(),
    ]);
    const docs = others.modifiedCount > 0 ? await mentions.find({ leaseToken: token }).lean() : [first];
    const restMs = Math.max(0, ...rests.map(({ rest }) => (rest?.allUntil ?? 0) - at));
    return { token, key, mentions: docs.map(doc => toClaimed(doc, at)), restMs };
  }
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
