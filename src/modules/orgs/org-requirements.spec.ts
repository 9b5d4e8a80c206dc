import { expect, it } from '@jest/globals';
import { acceptsRequest } from './org-requirements.js';

const from = (address: string | null) => ({ sessionMethod: null, address });

it('does not accept a request whose address is unknown, unless it accepts all', () => {
  expect(acceptsRequest(['0.0.0.0/0', '::/0'], from(null))).toBe(false);
  expect(acceptsRequest([], from(null))).toBe(true);
});

it('accepts the addresses of a network in any spelling', () => {
  const networks = ['10.1.2.3/8', '2001:DB8::/32'];
  for (const address of ['10.255.0.1', '::ffff:10.0.0.1', '2001:db8:1::', '2001:0DB8::1'])
    expect(acceptsRequest(networks, from(address))).toBe(true);
  for (const address of ['11.0.0.1', '2001:db9::', '::10.0.0.1'])
    expect(acceptsRequest(networks, from(address))).toBe(false);
});
