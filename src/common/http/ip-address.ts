import { BlockList, isIP } from 'node:net';

/**
 * The address of a hop in `X-Forwarded-For`, without the port that some proxies add and without the zone of a link-local
 * one, which means something to its own machine only (RFC 4007); null for `unknown` and the like.
 */
export function bareAddress(hop: string): string | null {
  const [address] = hop
    .trim()
    .replace(/^\[(.+)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3')
    .split('%') as [string];
  return isIP(address) === 0 ? null : address;
}

/**
 * Whom to believe about the client's address, as Fastify's `trustProxy` asks: the client is the last hop, seen from
 * here, that is not one of these addresses and networks. Without any, that is the peer of the connection.
 */
export function trustIn(proxies: readonly string[]): false | ((hop: string | undefined) => boolean) {
  if (proxies.length === 0) return false;
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address, length] = proxy.split('/') as [string, string?];
    if (length === undefined) trusted.addAddress(address, family(address));
    else trusted.addSubnet(address, Number(length), family(address));
  }
  return (hop) => {
    const address = bareAddress(hop ?? '');
    return address !== null && trusted.check(address, family(address));
  };
}

/**
 * Whom a limit per address counts together: an IPv4 address, or the 64 bits of an IPv6 address that are the network's,
 * since whoever has one such address may choose among all of them (RFC 4291, section 2.5.4).
 */
export function networkOf(address: string | null): string {
  if (address === null) return 'unknown';
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped) return mapped;
  return isIP(address) === 6 ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
}

/** The eight groups of an IPv6 address; `::` stands for as many zeros as are missing. */
function groupsOf(address: string): string[] {
  const [before, after] = address.split('::').map((part) => (part === '' ? [] : part.split(':')));
  const written = [...before!, ...(after ?? [])];
  const size = written.length + (address.includes('.') ? 1 : 0); // the last two may be an IPv4 address
  const groups = [...before!, ...Array.from({ length: 8 - size }, () => '0'), ...(after ?? [])];
  return groups.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
