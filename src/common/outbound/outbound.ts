import { Resolver } from 'node:dns/promises';
import { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { Agent, request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { blockList, familyOf, ipv6Network, networkOf } from '../http/network-addresses.js';
import { addressIn, scopeOf } from '../http/network-scope.js';
import { addressFlaw, type AddressFlaw, type Exceptions, urlFlaw } from './address-rules.js';
import { CONNECTION_LIMITS, ConnectionPlaces } from './connection-places.js';
import { OutboundFailed, type OutboundFailure } from './outbound.errors.js';

export type OutboundSettings = {
  /** Addresses and networks (`10.0.0.0/8`). */
  readonly allowedNetworks: readonly string[];
  readonly proxy: string | null;
  readonly bounds: typeof OUTBOUND_BOUNDS;
};

export const OUTBOUND_BOUNDS = {
  /** From the look-up of the name to the end of the response. Before it, a request waits for a connection for at most this time, too. */
  totalMs: 15_000,
  /** The rest of a longer body is not read. */
  bodyBytes: 65_536,
  headerBytes: 16_384,
  connections: CONNECTION_LIMITS,
};

export type OutboundRequest = {
  /** By default `POST`. */
  readonly method?: 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The organization that chose the address; empty: none. Free connections go to the one with the fewest. */
  readonly orgId: string;
};

/** Redirects are responses like others. */
export type OutboundResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** False as well if a proxy has chosen where the request went. */
  readonly isFromPublicAddress: boolean;
};

/** For one name; further ones are ignored, since each is checked and a DNS server may send thousands. */
const MOST_ADDRESSES = 20;

/** Resolves in its own thread: hanging look-ups of `dns.lookup` would occupy the threads that hash passwords. */
const newResolver = () => new Resolver({ timeout: 3_000, tries: 2 });

/**
 * Requests the addresses that organizations and applications choose, and nothing else does
 * (docs/security.md#requests-to-addresses-of-organizations). Each request resolves the name once and has a connection of
 * its own, to one of the addresses that were checked.
 */
export class Outbound {
  private readonly exceptions: Exceptions;
  private readonly places: ConnectionPlaces;

  constructor(
    private readonly settings: OutboundSettings,
    private readonly createResolver = newResolver,
  ) {
    const { allowedNetworks, proxy, bounds } = settings;
    const allowed = blockList(allowedNetworks);
    this.exceptions = {
      isFor: (address) => allowed.check(address, familyOf(address)),
      withoutTls: allowedNetworks.length > 0 && proxy === null,
      setting: 'OUTBOUND_ALLOWED_NETWORKS',
    };
    this.places = new ConnectionPlaces(bounds.connections);
  }

  /** Why an address that an organization chooses is not saved; null if it may be. */
  flawOf(address: string): AddressFlaw | null {
    return urlFlaw(address, this.exceptions);
  }

  /** How many requests of an organization to this host are sent at a time. */
  connectionsTo(address: string, orgId: string): number {
    return this.places.most({ orgId, name: hostOf(address) });
  }

  /** @throws OutboundFailed */
  async send(address: string, content: OutboundRequest): Promise<OutboundResponse> {
    if (this.flawOf(address) !== null) throw new OutboundFailed('address_refused');
    const { totalMs } = this.settings.bounds;
    const url = new URL(address);
    const begunAt = performance.now();
    const addresses = this.settings.proxy === null ? await this.lookUp(url) : [];
    const remainingMs = Math.max(1, Math.round(begunAt + totalMs - performance.now()));

    const places = addresses.length > 0 ? addresses.map(placeOf) : [url.hostname];
    const target = { orgId: content.orgId, name: hostOf(address), addresses: [...new Set(places)] };
    return this.places.run(target, totalMs, () =>
      this.exchange(url, addresses, content, AbortSignal.timeout(remainingMs)),
    );
  }

  /** The addresses of a host, all of which may be connected to. */
  private async lookUp(url: URL): Promise<readonly string[]> {
    const literal = addressIn(url);
    const addresses = literal === null ? await this.resolve(url.hostname) : [literal];
    if (addresses.some((address) => addressFlaw(url, address, this.exceptions) !== null))
      throw new OutboundFailed('address_refused');
    return addresses;
  }

  private async resolve(name: string): Promise<string[]> {
    const resolver = this.createResolver();
    const timer = setTimeout(() => resolver.cancel(), this.settings.bounds.totalMs);
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    clearTimeout(timer);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length === 0)
      throw new OutboundFailed('name_not_resolved', { cause: (answers[0] as PromiseRejectedResult).reason });
    return addresses.slice(0, MOST_ADDRESSES);
  }

  private async exchange(
    url: URL,
    addresses: readonly string[],
    content: OutboundRequest,
    signal: AbortSignal,
  ): Promise<OutboundResponse> {
    const { headerBytes: maxHeaderSize, bodyBytes } = this.settings.bounds;
    const sent = (url.protocol === 'https:' ? tlsRequest : request)(url, {
      method: content.method ?? 'POST',
      headers: { ...content.headers, host: url.host },
      ...this.route(addresses),
      rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
      maxHeaderSize,
      signal,
    });
    const progress = observe(sent, url);
    const isFromPublicAddress = addresses.length > 0 && addresses.every((each) => scopeOf(each) === 'public');
    try {
      const response = await responseTo(sent, content.body);
      const body = await readUpTo(bodyBytes, response);
      signal.throwIfAborted(); // an abort can look like the end of the body
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        body,
        isFromPublicAddress,
      };
    } catch (cause) {
      const code = signal.aborted ? 'timed_out' : progress.failure;
      throw new OutboundFailed(code, { cause, isFromPublicAddress });
    } finally {
      sent.destroy();
    }
  }

  /** A connection is never reused, neither by another request nor for another name. Through a proxy, it is always TLS. */
  private route(addresses: readonly string[]) {
    const { proxy } = this.settings;
    if (proxy !== null) return { agent: new Agent({ proxyEnv: { HTTPS_PROXY: proxy } }) };
    return { agent: false, lookup: only(addresses), autoSelectFamily: true } as const;
  }
}

/** By scheme, name and port. */
const hostOf = (address: string): string => URL.parse(address)?.origin ?? address;

/** IPv6-mapped IPv4 addresses count as these. Whole IPv6 networks do not: with NAT64, all receivers are in one. */
const placeOf = (address: string): string =>
  ipv6Network(address, 64) === null ? networkOf(address) : address;

/** A look-up that knows these addresses. It is not asked for a host that is an address itself. */
const only =
  (addresses: readonly string[]): LookupFunction =>
  (_name, _options, callback) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );

/** `failure`: what an error means at the present stage of the request. */
function observe(sent: ClientRequest, { protocol }: URL): { readonly failure: OutboundFailure } {
  const progress: { failure: OutboundFailure } = { failure: 'connection_failed' };
  sent.once('socket', (socket) => {
    socket.once('connect', () => {
      progress.failure = protocol === 'https:' ? 'tls_failed' : 'invalid_response';
    });
    socket.once('secureConnect', () => {
      progress.failure = 'invalid_response';
    });
  });
  return progress;
}

/** A connection can end without an error, for example after a switch of protocols. */
const responseTo = (sent: ClientRequest, body: string | undefined): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    sent.once('response', resolve).on('error', reject);
    sent.once('close', () => reject(new Error('The connection was closed')));
    sent.end(body);
  });

async function readUpTo(bytes: number, response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= bytes) break; // destroys the connection
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
