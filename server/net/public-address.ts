import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure's host agent: outside every special range, yet never the public web. */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an IP address (without brackets or zone) lies on the public internet. An allow-list: IPv4
 * must be unicast, IPv6 must be global unicast (2000::/3) and in no special range, because the list
 * of special ranges alone misses forms that carry a private IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address) || address.includes('%') || address === AZURE_HOST) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(GLOBAL_V6);
}
