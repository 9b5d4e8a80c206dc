import { Injectable, Logger } from '@nestjs/common';
import { importJWK, type CryptoKey, type JWK, type JWSHeaderParameters } from 'jose';
import { required } from '../../../../common/required.js';
import { InvalidIdToken, ProviderUnavailable } from './provider.errors.js';
import { ProviderClient } from './provider-client.js';
import { readJsonObject, requestTimeout, withAbort } from './provider-request.js';
import { chooseKey } from './choose-key.js';
import { Discovery } from './discovery.js';

const CACHE_MS = 3_600_000; // a key that the provider withdrew is dropped after this, if the provider answers then
const REFETCH_INTERVAL_MS = 30_000; // between two fetches for unknown keys, or after a failed fetch

/** An unsolicited token was not requested from the provider, so anyone may have sent it. */
export type TokenOrigin = { readonly isUnsolicited: boolean };

type CachedKeySet = { uri: string; keys: readonly JWK[]; until: number };

/**
 * The signing keys of the provider. An unknown `kid` refetches the key set, however fresh it is, because providers
 * rotate keys and use them at once; at most once in 30 s, because anyone can invent a `kid`. Unsolicited tokens do not use
 * up the refetch of others. The remote key sets of jose and openid-client refuse the first refetch.
 */
@Injectable()
export class KeySet {
  private readonly log = new Logger(KeySet.name);
  private cached: CachedKeySet | null = null;
  private inFlight: Promise<CachedKeySet> | null = null;
  private readonly refetches = new Interval(REFETCH_INTERVAL_MS);
  private readonly unsolicitedRefetches = new Interval(REFETCH_INTERVAL_MS);
  private readonly unsolicitedFirstFetches = new Interval(REFETCH_INTERVAL_MS);

  constructor(
    private readonly discovery: Discovery,
    private readonly client: ProviderClient,
  ) {}

  /**
   * The public key that signed the token, by its header.
   *
   * @throws InvalidIdToken if the provider does not publish the key
   * @throws ProviderUnavailable
   */
  async keyFor(header: JWSHeaderParameters, signal: AbortSignal, origin: TokenOrigin): Promise<CryptoKey> {
    const { jwks_uri: uri } = await this.discovery.metadata(signal);
    const refetches = origin.isUnsolicited ? this.unsolicitedRefetches : this.refetches;
    const chooseFrom = async (keySet: Promise<CachedKeySet>) =>
      chooseKey((await withAbort(signal, 'key set', keySet)).keys, header);
    let chosen = await chooseFrom(this.current(uri, origin));
    if (chosen === 'unknown' && this.inFlight) chosen = await chooseFrom(this.inFlight);
    if (chosen === 'unknown' && refetches.tryStart()) chosen = await chooseFrom(this.fetch(uri)); // the key may be newer
    if (chosen === 'unknown') throw new InvalidIdToken('unknown_key');
    if (chosen === 'ambiguous') throw new InvalidIdToken('ambiguous_key');
    return importKey(chosen, required(header.alg, 'alg'));
  }

  /** Without a cached key set, unsolicited tokens trigger at most one fetch in 30 s. */
  private async current(uri: string, { isUnsolicited }: TokenOrigin): Promise<CachedKeySet> {
    if (this.cached?.uri !== uri) {
      if (isUnsolicited && !this.inFlight && !this.unsolicitedFirstFetches.tryStart())
        throw new ProviderUnavailable('key set: the last request was less than 30 s ago');
      return this.fetch(uri);
    }
    if (this.cached.until < performance.now()) this.refetchInBackground(this.cached);
    return this.cached;
  }

  /** The old keys stay in use during the refetch and while the provider is down. */
  private refetchInBackground(old: CachedKeySet): void {
    old.until = performance.now() + REFETCH_INTERVAL_MS;
    this.fetch(old.uri).catch((error: unknown) => {
      const reason = error instanceof ProviderUnavailable ? error.reason : 'unexpected error';
      this.log.warn(`the provider's key set is outdated and could not be refetched: ${reason}`);
    });
  }

  /** Concurrent callers share the request in flight. */
  private fetch(uri: string): Promise<CachedKeySet> {
    this.inFlight ??= this.load(uri).finally(() => (this.inFlight = null));
    return this.inFlight;
  }

  private async load(uri: string): Promise<CachedKeySet> {
    const response = await this.client.request('key set', uri, {
      signal: requestTimeout(),
      headers: { accept: 'application/json' },
    });
    const { keys } = await readJsonObject('key set', response);
    if (!response.ok || !Array.isArray(keys))
      throw new ProviderUnavailable(`key set: status ${response.status}, no keys`);
    const usable = keys.filter((key): key is JWK => typeof key === 'object' && key !== null);
    this.cached = { uri, keys: usable, until: performance.now() + CACHE_MS };
    return this.cached;
  }
}

/** Permits at most one start in the given number of milliseconds. */
class Interval {
  private startedAt = -Infinity;

  constructor(private readonly ms: number) {}

  tryStart(): boolean {
    if (performance.now() - this.startedAt < this.ms) return false;
    this.startedAt = performance.now();
    return true;
  }
}

/** Imports public keys only: a symmetric key in the set would let anyone forge tokens (RFC 8725, section 3.1). */
async function importKey({ kty, n, e, crv, x, y }: JWK, algorithm: string): Promise<CryptoKey> {
  try {
    return (await importJWK({ kty, n, e, crv, x, y }, algorithm)) as CryptoKey;
  } catch (error) {
    throw new ProviderUnavailable('key set: invalid key', { cause: error });
  }
}
