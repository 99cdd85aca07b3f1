import type { Zone } from '../support/dns-server.ts';

/** The n-th honest blog has addresses of its own, so that no two are one site or one server. */
const v4 = (n: number) => `93.184.${n >> 8}.${n & 255}`;
const v6 = (n: number) => `2606:2800:220:1::${(n + 1).toString(16)}`;

/** Whether an address is one of those blogs': said here once more, without the guard's help. */
export const isBlog = (address: string): boolean => /^(?:93\.184\.|2606:2800:220:1:)/.test(address);

type Records = { A?: (n: number) => string[]; AAAA?: (n: number) => string[] };

/** Names that lead to no public address at all, or not only to such. */
const HOSTILE: Readonly<Record<string, Records>> = {
  'D01-a': { A: () => ['127.0.0.1'] },
  'D01-private': { A: () => ['10.0.0.1'] },
  'D01-lan': { A: () => ['192.168.1.1'] },
  'D01-meta': { A: () => ['169.254.169.254'] },
  'D01-cgnat': { A: () => ['100.64.0.1'] },
  'D01-azure': { A: () => ['168.63.129.16'] },
  'D01-six': { AAAA: () => ['::1'] },
  'D01-ula': { AAAA: () => ['fd00::1'] },
  'D01-link': { AAAA: () => ['fe80::1'] },
  'D01-mapped': { AAAA: () => ['::ffff:7f00:1'] },
  'D01-compat': { AAAA: () => ['::7f00:1'] },
  'D01-nat64': { AAAA: () => ['64:ff9b::7f00:1'] },
  'D01-6to4': { AAAA: () => ['2002:7f00:1::1'] },
  'D01-teredo': { AAAA: () => ['2001:0:7f00:1::1'] },
  'D01-isatap': { AAAA: () => ['2600::5efe:7f00:1'] },
  'D02-m': { A: n => [v4(n), '127.0.0.1'] },
  'D02-first': { A: n => ['127.0.0.1', v4(n)] },
  'D02-families': { A: n => [v4(n)], AAAA: () => ['fd00::1'] },
  'D02-other': { A: () => ['10.0.0.1'], AAAA: n => [v6(n)] },
  'D06-zero': { A: () => ['0.0.0.0'] },
  'D06-unspecified': { AAAA: () => ['::'] },
  'D07-empty': {},
};

/** Names to give to `aName` that must never be connected to. */
export const HOSTILE_NAMES = [...Object.keys(HOSTILE), 'D08-nx', 'D08-servfail'];

let last = 0;

/** A name nobody was asked about before: `blog`, `six` (IPv6 alone), `rebind`, `unbind` or a hostile one. */
export const aName = (kind: string): string => `${++last}-${kind}.test`.toLowerCase();

/**
 * A zone that knows all these names by what they say. `rebind` leads to its blog once and to loopback ever
 * after, `unbind` the other way round.
 */
export function aZone(): Zone {
  const times = new Map<string, number>();
  return (name, type) => {
    const { digits = '0', kind } = /^(?:(?<digits>\d+)-)?(?<kind>[\w-]+)\.test$/.exec(name)?.groups ?? {};
    const n = Number(digits);
    if (kind === 'blog') return [type === 'A' ? v4(n) : v6(n)];
    if (kind === 'six') return type === 'A' ? [] : [v6(n)];
    if (kind === 'rebind' || kind === 'unbind') {
      if (type === 'AAAA') return [];
      const asked = (times.get(name) ?? 0) + 1;
      times.set(name, asked);
      return [(asked === 1) === (kind === 'rebind') ? v4(n) : '127.0.0.1'];
    }
    if (kind === 'd08-servfail') return 'servfail';
    const hostile = Object.entries(HOSTILE).find(([id]) => id.toLowerCase() === kind)?.[1];
    return hostile ? (hostile[type]?.(n) ?? []) : 'nxdomain';
  };
}
