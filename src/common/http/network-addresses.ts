import { BlockList, isIP, isIPv4, SocketAddress } from 'node:net';

/**
 * The address of a hop in `X-Forwarded-For`, without port and without the zone of a link-local address, which is local
 * to its host (RFC 4007). Null if it is not an address, for example `unknown`.
 */
export function normalizeAddress(hop: string): string | null {
  if (isIPv4(hop)) return hop;
  const [address] = hop
    .trim()
    .replace(/^\[(.+)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')
    .split('%') as [string];
  return isIP(address) === 0 ? null : address;
}

/**
 * A `trustProxy` option for Fastify: the client is the last hop, seen from this server, that is not in these addresses
 * and networks. Without any, the client is the peer of the connection.
 */
export function trustProxies(proxies: readonly string[]): false | ((hop: string | undefined) => boolean) {
  if (proxies.length === 0) return false;
  const trusted = blockList(proxies);
  return (hop) => {
    const address = normalizeAddress(hop ?? '');
    return address !== null && trusted.check(address, familyOf(address));
  };
}

/**
 * The key of a limit per address: an IPv4 address, or the /64 network of an IPv6 address, since a host may use any
 * address in it (RFC 4291, section 2.5.4).
 */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  return ipv6Network(address, 64) ?? mappedIpv4(address) ?? address;
}

/** The network that one subscriber has: an IPv4 address, or an IPv6 /56 (RFC 6177). Null without an address. */
export function subscriberNetwork(address: string | null): string | null {
  return address === null ? null : (ipv6Network(address, 56) ?? networkOf(address));
}

/** The network of an IPv6 address; null for an IPv4 address. */
export function ipv6Network(address: string, bits: 48 | 56 | 64): string | null {
  if (isIP(address) !== 6 || mappedIpv4(address) !== null) return null;
  const groups = groupsOf(address).slice(0, Math.ceil(bits / 16));
  if (bits !== 56) return `${groups.join(':')}::/${bits}`;
  const half = (parseInt(groups.pop() ?? '0', 16) & 0xff00).toString(16);
  return `${[...groups, half].join(':')}::/${bits}`;
}

/** The IPv4 address in an IPv4-mapped IPv6 address in any spelling (RFC 4291, section 2.5.5.2), or null. */
const mappedIpv4 = (address: string): string | null =>
  (isIP(address) === 6 && /^::ffff:(\d+\..+)$/.exec(canonical(address))?.[1]) || null;

/** The eight groups of an IPv6 address, with `::` expanded; its end may be in the notation of IPv4. */
function groupsOf(address: string): string[] {
  const [before = [], after = []] = canonical(address)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after];
}

/** In lower case, without leading zeros, and with `::` (RFC 5952). */
const canonical = (address: string): string => new SocketAddress({ address, family: 'ipv6' }).address;

export const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** A list of addresses and networks (`10.0.0.0/8`). IPv4 networks contain the mapped IPv6 addresses, too. */
export function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    if (length === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(length), familyOf(address));
  }
  return list;
}

/** Loopback by name or address (RFC 6761, section 6.3; RFC 5735). An IPv6 address may be in brackets, as in a URL. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '::1' ||
  hostname === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(hostname);

/** Whether the traffic cannot be read by others: TLS, or a loopback connection. */
export const isSafeTransport = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
