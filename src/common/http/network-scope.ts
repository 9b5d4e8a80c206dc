import { BlockList, isIP } from 'node:net';

/** Local: this host, its link, or no single host; private: not reachable from the Internet (RFC 6890). */
export type NetworkScope = 'local' | 'private' | 'public';

/** The scope of a URL's host, without a DNS look-up. `URL` has already normalized the notation of addresses. */
export function networkScope({ hostname }: URL): NetworkScope {
  const host = hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  const family = isIP(host);
  if (family === 0) return /(?:^|\.)localhost$/.test(host) ? 'local' : 'public'; // RFC 6761, section 6.3
  const type = family === 6 ? 'ipv6' : 'ipv4';
  if (LOCAL.check(host, type)) return 'local';
  return PRIVATE.check(host, type) ? 'private' : 'public';
}

// RFC 6890 and the IANA special-purpose address registries; 169.254.169.254 is the metadata service of cloud
// providers.
const LOCAL = networks(
  ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4'],
  ['::/128', '::1/128', 'fe80::/10', 'ff00::/8'],
);
const PRIVATE = networks(
  ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ['fc00::/7', 'fec0::/10', '64:ff9b:1::/48'],
);

function networks(ofIpv4: readonly string[], ofIpv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of [...ofIpv4, ...ofIpv6, ...ofIpv4.flatMap(embedded)]) {
    const [address, length] = network.split('/') as [string, string];
    list.addSubnet(address, Number(length), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** The IPv6 networks that embed an IPv4 network: mapped, compatible (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056). */
function embedded(network: string): string[] {
  const [address, length] = network.split('/') as [string, string];
  const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
  const hex = (high: number, low: number) => (high * 256 + low).toString(16);
  const inLastBits = ['::ffff:', '::', '64:ff9b::'].map(
    (prefix) => `${prefix}${address}/${96 + Number(length)}`,
  );
  return [...inLastBits, `2002:${hex(a, b)}:${hex(c, d)}::/${16 + Number(length)}`];
}
