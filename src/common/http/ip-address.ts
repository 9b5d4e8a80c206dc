import { BlockList, isIP, isIPv4 } from 'node:net';

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
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address, length] = proxy.split('/') as [string, string?];
    if (length === undefined) trusted.addAddress(address, family(address));
    else trusted.addSubnet(address, Number(length), family(address));
  }
  return (hop) => {
    const address = normalizeAddress(hop ?? '');
    return address !== null && trusted.check(address, family(address));
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
function mappedIpv4(address: string): string | null {
  if (isIP(address) !== 6) return null;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return null;
  const [high, low] = groups.slice(6) as [string, string?];
  if (low === undefined) return high; // dotted
  return [high, low]
    .map((group) => parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 0xff])
    .join('.');
}

/** The eight groups of an IPv6 address, with `::` expanded. */
function groupsOf(address: string): string[] {
  const [before = [], after = []] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const written = [...before, ...after];
  const size = written.length + (address.includes('.') ? 1 : 0); // the last two may be an IPv4 address
  const groups = [...before, ...Array.from({ length: 8 - size }, () => '0'), ...after];
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
