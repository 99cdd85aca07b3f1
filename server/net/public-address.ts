import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Where blogs are served; `FETCH_PORTS` names others. */
export const WEB_PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/** Names that never lead to the public web (RFC 6761, 6762, 7686, 8375, and `.internal` of ICANN). */
const SPECIAL_USE = /(?:^|\.)(?:localhost|local|internal|onion|home\.arpa)$/;

/** Azure's host agent: outside every special range, yet never the public web. */
const AZURE_HOST = '168.63.129.16';

/**
 * Whether an IP address (without brackets or zone) lies on the public internet. An allow-list: IPv4
 * must be unicast, IPv6 must be global unicast (2000::/3) and in no special range, because the list
 * of special ranges alone misses forms that carry a private IPv4 address. Of these, ISATAP (RFC 5214) may
 * stand below any prefix.
 */
export function isPublicAddress(address: string): boolean {
  if (!isIP(address) || address.includes('%') || address === AZURE_HOST) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  if (parsed.kind() === 'ipv4') return true;
  const { parts } = parsed as ipaddr.IPv6;
  const isatap = ((parts[4] as number) & ~0x200) === 0 && parts[5] === 0x5efe;
  return (parsed as ipaddr.IPv6).match(GLOBAL_V6) && !isatap;
}

/** `host:port` as `FETCH_ALLOW` writes it, with the scheme's own port where none is named. */
export function hostAndPort(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** Whether scheme, port and host could be public, as far as can be said without resolving the name. */
export function mayBePublic(url: URL, ports: ReadonlySet<number> = WEB_PORTS): boolean {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return false;
  if (!ports.has(portOf(url))) return false;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (isIP(host)) return isPublicAddress(host);
  const labels = host.split('.');
  if (labels.length < 2 || host.length > 253 || labels.some(label => label === '' || label.length > 63)) {
    return false;
  }
  return !SPECIAL_USE.test(host);
}
