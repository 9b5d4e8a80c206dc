import { describe, expect, it } from '@jest/globals';
import {
  ipv6Network,
  networkOf,
  normalizeAddress,
  subscriberNetwork,
  trustProxies,
} from './network-addresses.js';

describe('a hop of X-Forwarded-For', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7:8080', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['unknown', null],
    ['_hidden', null],
    ['999.1.1.1', null],
    ['203.0.113.7:8080:1', null],
    ['', null],
  ])('the hop %j has the address %j', (hop, address) => {
    expect(normalizeAddress(hop)).toBe(address);
  });
});

describe('trusted proxies', () => {
  const trusts = trustProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']) as (hop?: string) => boolean;

  it.each(['10.1.2.3', '10.1.2.3:4711', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8::7', '[2001:db8::7]:1'])(
    'a hop in the list is trusted: %s',
    (hop) => {
      expect(trusts(hop)).toBe(true);
    },
  );

  it.each(['11.0.0.1', '192.0.2.2', '2001:db9::1', '::1', 'unknown', '', undefined])(
    'a hop outside of the list is not trusted: %j',
    (hop) => {
      expect(trusts(hop)).toBe(false);
    },
  );

  it('no proxy is trusted by default', () => {
    expect(trustProxies([])).toBe(false);
  });
});

describe('networkOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [null, 'unknown'],
  ])('the limit key of the address %j is %j', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('the network of a subscriber', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2ff:3:4:5:6', '2001:db8:1:200::/56'],
    ['2001:db8:1:00ff::1', '2001:db8:1:0::/56'],
    ['2001:db8::1', '2001:db8:0:0::/56'],
    [null, null],
  ])('the subscriber network of the address %j is %j', (address, network) => {
    expect(subscriberNetwork(address)).toBe(network);
  });
});

describe('an IPv6 network', () => {
  it.each([
    ['2001:db8:1:2ff::1', 48, '2001:db8:1::/48'],
    ['2001:db8:1:2ff::1', 56, '2001:db8:1:200::/56'],
    ['2001:db8:1:2ff::1', 64, '2001:db8:1:2ff::/64'],
    ['203.0.113.7', 48, null],
    ['::ffff:203.0.113.7', 56, null],
  ] as const)('the network of the address %j with %j bits is %j', (address, bits, network) => {
    expect(ipv6Network(address, bits)).toBe(network);
  });
});
