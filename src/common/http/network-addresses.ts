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

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Of addresses and networks (`10.0.0.0/8`); IPv4 networks contain the mapped IPv6 addresses too. */
function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', length] = network.split('/');
    if (length === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(length), familyOf(address));
  }
  return list;
}

/** Local: this host, its link, or no single host; private: not reachable from the Internet (RFC 6890). */
export type NetworkScope = 'local' | 'private' | 'public';

/** The scope of a URL's host, without a DNS look-up. `URL` has already normalized the notation of addresses. */
export function networkScope({ hostname }: URL): NetworkScope {
  const host = hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host) === 0) return /(?:^|\.)localhost$/.test(host) ? 'local' : 'public'; // RFC 6761, section 6.3
  if (LOCAL.check(host, familyOf(host))) return 'local';
  return PRIVATE.check(host, familyOf(host)) ? 'private' : 'public';
}

// RFC 6890 and the IANA special-purpose address registries; 169.254.169.254 is the metadata service of cloud
// providers.
const LOCAL = blockList([
  ...withEmbedded(['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4']),
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
]);
const PRIVATE = blockList([
  ...withEmbedded(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12']),
  ...withEmbedded(['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15']),
  'fc00::/7',
  'fec0::/10',
  '64:ff9b:1::/48',
]);

/** With the IPv6 networks that embed them: compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
function withEmbedded(networks: readonly string[]): string[] {
  return networks.flatMap((network) => {
    const [address, length] = network.split('/') as [string, string];
    const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
    const hex = (high: number, low: number) => (high * 256 + low).toString(16);
    const inLastBits = ['::', '64:ff9b::'].map((prefix) => `${prefix}${address}/${96 + Number(length)}`);
    return [network, ...inLastBits, `2002:${hex(a, b)}:${hex(c, d)}::/${16 + Number(length)}`];
  });
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
