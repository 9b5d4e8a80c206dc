import { BlockList, isIP } from 'node:net';

/** The address of a hop in `X-Forwarded-For`, without the port that some proxies add; null for `unknown` and the like. */
export function bareAddress(hop: string): string | null {
  const address = hop.trim().replace(/^\[(.+)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3');
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

const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
