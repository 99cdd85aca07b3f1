import { isIP, isIPv4 } from 'node:net';
import type { Request } from 'express';
import ipaddr from 'ipaddr.js';

/**
 * Which proxies may say for whom they ask: the number of them in front of the hub, or their addresses and
 * networks. Nobody else's `X-Forwarded-For` is believed.
 */
export type TrustProxy = number | readonly string[];

/** `TRUST_PROXY`; undefined for what would trust everybody, and for what is no address. */
export function readTrustProxy(text: string): TrustProxy | undefined {
  if (/^\d$/.test(text)) return Number(text);
  const proxies = text.split(',').map(item => item.trim());
  return proxies.every(isAddressOrNetwork) ? proxies : undefined;
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const known = ipaddr.IPv4.isValidFourPartDecimal(address) || ipaddr.IPv6.isValid(address);
  if (!known || address.includes('%') || more.length > 0) return false;
  const most = address.includes(':') ? 128 : 32;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= most);
}

/** Says who sent a request. */
export type SenderOf = (request: Pick<Request, 'ip' | 'socket'>) => string | null;

/**
 * The address a request came from: the only place that says so. It is the other end of the connection or, where
 * that is a trusted proxy, whom it names (Express's `trust proxy`, set in `app.ts`). Null when neither is an address.
 */
export function senderOf({ ip, socket }: Pick<Request, 'ip' | 'socket'>): string | null {
  const said = [ip, socket.remoteAddress].find(one => one !== undefined && isIP(one) !== 0);
  if (said === undefined || isIPv4(said)) return said ?? null;
  return ipaddr.process(said).toString();
}

/** Who counts as one sender: an IPv4 address, or the /64 of an IPv6 address, which is what one connection gets. */
export function networkOf(sender: string | null): string {
  if (sender === null) return 'unknown';
  if (isIPv4(sender)) return sender;
  const parts = ipaddr.IPv6.parse(sender).parts.slice(0, 4);
  return `${parts.map(part => part.toString(16)).join(':')}/64`;
}
