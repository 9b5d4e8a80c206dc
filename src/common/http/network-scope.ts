import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { blockList, familyOf } from './network-addresses.js';

/**
 * Loopback: this host. Reserved: its link, the metadata service of a cloud, no single host, or a network that may lead
 * to any of these. Private: not reachable from the Internet (RFC 6890).
 */
export type NetworkScope = 'loopback' | 'reserved' | 'private' | 'public';

/** The scope of a URL's host, without a DNS look-up. */
export function networkScope(url: URL): NetworkScope {
  const address = addressIn(url);
  return address === null ? 'public' : scopeOf(address);
}

/** The address that needs no DNS look-up, or null. `URL` has already normalized the notation of addresses. */
export function addressIn({ hostname }: URL): string | null {
  const host = hostname.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host) !== 0) return host;
  return /(?:^|\.)localhost$/.test(host) ? '127.0.0.1' : null; // RFC 6761, section 6.3
}

export function scopeOf(address: string): NetworkScope {
  const family = familyOf(address);
  if (LOOPBACK.check(address, family)) return 'loopback';
  if (RESERVED.check(address, family)) return 'reserved';
  return PRIVATE.check(address, family) ? 'private' : 'public';
}

/** Whether an interface of this host has the address; loopback addresses are left to `scopeOf`. */
export function isOwnAddress(address: string): boolean {
  return ownAddresses().check(address, familyOf(address));
}

/** Reading them takes half the time of a request to an address of an organization. */
const OWN_FOR_MS = 1000;
let own = { addresses: new BlockList(), until: 0 };

function ownAddresses(): BlockList {
  if (performance.now() < own.until) return own.addresses;
  const addresses = Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter((each) => scopeOf(each.address) !== 'loopback')
    .flatMap((each) => (each.family === 'IPv4' ? withEmbedded([`${each.address}/32`]) : [each.address]));
  own = { addresses: blockList(addresses), until: performance.now() + OWN_FOR_MS };
  return own.addresses;
}

/**
 * With the IPv6 networks that embed them: compatible (RFC 4291), translated (RFC 2765), NAT64 (RFC 6052), 6to4
 * (RFC 3056). IPv4 networks contain their mapped addresses anyway.
 */
function withEmbedded(networks: readonly string[]): string[] {
  return networks.flatMap((network) => {
    const [address, length] = network.split('/') as [string, string];
    const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
    const hex = (high: number, low: number) => (high * 256 + low).toString(16);
    const inLastBits = ['::', '::ffff:0:', '64:ff9b::'].map(
      (prefix) => `${prefix}${address}/${96 + Number(length)}`,
    );
    return [network, ...inLastBits, `2002:${hex(a, b)}:${hex(c, d)}::/${16 + Number(length)}`];
  });
}

// RFC 6890 and the IANA special-purpose address registries.
const LOOPBACK = blockList([...withEmbedded(['127.0.0.0/8']), '::1']);
const METADATA_SERVICES = [
  ...withEmbedded(['169.254.169.254/32', '100.100.100.200/32', '168.63.129.16/32', '192.0.0.192/32']),
  'fd00:ec2::/32', // where AWS has its services of the instance
  'fd20:ce::254',
];
const RESERVED = blockList([
  ...METADATA_SERVICES,
  ...withEmbedded(['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '240.0.0.0/4']),
  '::',
  'fe80::/10',
  'ff00::/8',
  '2001::/32', // Teredo (RFC 4380), and NAT64 with a prefix of the network (RFC 8215)
  '64:ff9b:1::/48',
]);
const PRIVATE = blockList([
  ...withEmbedded(['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12']),
  ...withEmbedded(['192.0.0.0/24', '192.168.0.0/16', '198.18.0.0/15']),
  'fc00::/7',
  'fec0::/10',
]);
