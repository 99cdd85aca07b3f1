import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSource } from '../../server/mentions/source-key.ts';
import { createPermit } from '../../server/net/permit.ts';
import { isPublicAddress } from '../../server/net/public-address.ts';
import { holds } from '../support/property.ts';

/** What the registry of special addresses (RFC 6890) holds, said once more without the guard's library. */
const SPECIAL: [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['168.63.129.16', 32],
];

const numberOf = (dotted: string) => dotted.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const dotted = (ip: number) => [24, 16, 8, 0].map(shift => (ip >>> shift) & 255).join('.');
const groups = (ip: number) => `${(ip >>> 16).toString(16)}:${(ip & 0xffff).toString(16)}`;

/** The number of an IPv4 address that is not public. */
const notPublic = fc.constantFrom(...SPECIAL).chain(([network, bits]) => {
  const first = numberOf(network);
  return fc.integer({ min: first, max: first + 2 ** (32 - bits) - 1 });
});

/** One part of an IPv4 address as the URL standard reads it: decimal, octal or hexadecimal. */
const numeral = (value: number) =>
  fc
    .tuple(fc.constantFrom(10, 8, 16), fc.constantFrom('', '0', '000'), fc.boolean())
    .map(([base, zeros, upper]) => {
      if (base === 10) return String(value);
      const digits = `${base === 8 ? '0' : '0x'}${zeros}${value.toString(base)}`;
      return upper ? digits.toUpperCase() : digits;
    });

/** An IPv4 address in one to four parts, of which the last takes all that is left. */
const v4Notation = (ip: number) =>
  fc.integer({ min: 0, max: 3 }).chain(leading => {
    const parts = [24, 16, 8].slice(0, leading).map(shift => (ip >>> shift) & 255);
    const rest = leading === 0 ? ip : ip % 2 ** (32 - 8 * leading);
    return fc.tuple(...[...parts, rest].map(numeral)).map(numerals => numerals.join('.'));
  });

const asIs = (text: string) => text;
/** What a URL parser undoes: escapes, letters of full width, other dots. */
const disguise = fc.constantFrom<(text: string) => string>(
  asIs,
  asIs,
  text => `${text}.`,
  text => text.replace(/\d/, digit => `%3${digit}`),
  text => text.replace(/\d/g, digit => String.fromCodePoint(0xff10 + Number(digit))),
  text => text.replace(/\./g, '。'),
  text => text.replace(/\./g, '%2e'),
);

const v6Notation = (ip: number) =>
  fc.constantFrom(
    `::ffff:${dotted(ip)}`,
    `::FFFF:${groups(ip)}`,
    `0:0:0:0:0:ffff:${groups(ip)}`,
    `::${dotted(ip)}`,
    `::ffff:0:${groups(ip)}`,
    `64:ff9b::${groups(ip)}`,
    `64:ff9b::${dotted(ip)}`,
    `64:ff9b:1::${groups(ip)}`,
    `2002:${groups(ip)}::`,
    `2002:${groups(ip)}::1`,
    `2001:0:${groups(ip)}::`,
    `2600:1234::5efe:${groups(ip)}`,
    `2600:1234::200:5efe:${dotted(ip)}`,
  );

const hosts = notPublic.chain(ip =>
  fc.oneof(
    fc.tuple(v4Notation(ip), disguise).map(([host, hide]) => hide(host)),
    v6Notation(ip).map(host => `[${host}]`),
  ),
);

const permit = createPermit({
  resolve: async () => assert.fail('no name is looked up'),
  lookup: async () => assert.fail('nothing is allowed'),
  isPublic: isPublicAddress,
  allow: new Set(),
});

describe('U01-U30 an address that is not public', () => {
  it('is refused at the door and by the guard, in every notation', async () => {
    const refused: string[] = [];
    holds(hosts, host => {
      const address = `http://${host}/post`;
      const read = readSource(address, { ownKeys: ['hub.example'], allow: new Set() });
      assert.ok('refusal' in read, address);
      const url = URL.parse(address);
      if (url) refused.push(url.hostname);
    });
    assert.ok(refused.length > 400, 'nearly all of them are addresses to a URL parser');
    for (const host of refused) await assert.rejects(permit(host, 80), { trouble: 'not-public' }, host);
  });

  it('is refused when it is IPv6 outside 2000::/3, whatever it is', () => {
    const first = fc.integer({ min: 0, max: 0xffff }).filter(group => group >>> 13 !== 1);
    const others = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 });
    holds(fc.tuple(first, others), ([group, rest]) => {
      const address = [group, ...rest].map(part => part.toString(16)).join(':');
      assert.equal(isPublicAddress(address), false, address);
    });
  });
});

describe('an address that is public', () => {
  it('is not refused', () => {
    const special = (ip: number) =>
      SPECIAL.some(([network, bits]) => Math.floor((ip - numberOf(network)) / 2 ** (32 - bits)) === 0);
    // Those that are neither: relays and sinks of the network itself, which no blog lives at.
    const odd = /^192\.(?:31\.196|52\.193|88\.99|175\.48)\./;
    const ordinary = fc
      .integer({ min: 0, max: 2 ** 32 - 1 })
      .filter(ip => !special(ip) && !odd.test(dotted(ip)));
    holds(ordinary, ip => assert.equal(isPublicAddress(dotted(ip)), true, dotted(ip)));
  });
});
