import { type BlockList, isIP } from 'node:net';
import type { SessionMethod } from '../../common/access/principal.js';
import type { Problem } from '../../common/errors/domain-error.js';
import { blockList, familyOf } from '../../common/http/network-addresses.js';

const MAX_NETWORKS = 100;
const NETWORK = /^(?<address>[\d.a-f:]+)(?:\/(?<bits>\d{1,3}))?$/i;
const BITS = new Map([
  [4, 32],
  [6, 128],
]);

/** By list: a cached caller keeps it, so that it is parsed once. */
const parsed = new WeakMap<readonly string[], BlockList>();

/** `address`: null if it is unknown. */
type Origin = { readonly sessionMethod: SessionMethod | null; readonly address: string | null };

/** Whether the list accepts requests from there. An empty one accepts all; break-glass sessions are always accepted. */
export function acceptsRequest(networks: readonly string[], { sessionMethod, address }: Origin): boolean {
  if (networks.length === 0 || sessionMethod === 'break-glass') return true;
  if (address === null) return false;
  let list = parsed.get(networks);
  if (!list) parsed.set(networks, (list = blockList(networks)));
  return list.check(address, familyOf(address));
}

/** Problems of the `ip_allowlist` in a request. */
export function allowlistProblems(networks: readonly string[] | null | undefined): Problem[] {
  if (!networks) return [];
  const loc = ['body', 'ip_allowlist'];
  if (networks.length > MAX_NETWORKS)
    return [{ loc, msg: `List should have at most ${MAX_NETWORKS} items`, type: 'too_long' }];
  const msg = "Input should be an IP address or a network such as '192.0.2.0/24'";
  return networks.flatMap((network, index) =>
    isNetwork(network) ? [] : [{ loc: [...loc, index], msg, type: 'value_error' }],
  );
}

function isNetwork(text: string): boolean {
  const { address = '', bits } = NETWORK.exec(text)?.groups ?? {};
  const most = BITS.get(isIP(address));
  return most !== undefined && (bits === undefined || Number(bits) <= most);
}
