import { Injectable, Logger } from '@nestjs/common';
import { importJWK, type CryptoKey, type JWK, type JWSHeaderParameters } from 'jose';
import { InvalidIdToken, ProviderUnavailable } from '../provider.errors.js';
import { requestProvider, readJsonObject, requestTimeout, withAbort } from './provider-request.js';
import { chooseKey } from './choose-key.js';
import { Discovery } from './discovery.js';

const CACHE_MS = 3_600_000; // ms; a key that the provider withdrew is forgotten after this, if the provider answers then
const REFETCH_INTERVAL_MS = 30_000; // ms; between two questions about keys that nobody knows, or that it did not answer

/** Unsolicited: it came from anybody, not from the provider as the answer to a request of ours. */
export type TokenOrigin = { readonly isUnsolicited: boolean };

type CachedKeySet = { uri: string; keys: readonly JWK[]; until: number };

/**
 * The keys that the provider signs with. A key that is not among them makes us ask once, however young the set is,
 * since providers rotate and sign at once; then not again for 30 s, since anybody can make up the name of a key.
 * jose's own remote set refuses the first, openid-client's too.
 */
@Injectable()
export class KeySet {
  private readonly log = new Logger(KeySet.name);
  private cached: CachedKeySet | null = null;
  private inFlight: Promise<CachedKeySet> | null = null;
  private readonly refetches = new Interval(REFETCH_INTERVAL_MS);
  private readonly unsolicitedFirstFetches = new Interval(REFETCH_INTERVAL_MS);

  constructor(private readonly discovery: Discovery) {}

  /**
   * The public key that a token says it is signed with.
   *
   * @throws InvalidIdToken when the provider does not publish it, or ProviderUnavailable
   */
  async keyFor(header: JWSHeaderParameters, signal: AbortSignal, origin: TokenOrigin): Promise<CryptoKey> {
    const { jwks_uri: uri } = await this.discovery.metadata(signal);
    let chosen = chooseKey((await this.current(uri, signal, origin)).keys, header);
    if (chosen === 'unknown' && this.mayAsk(this.refetches)) {
      chosen = chooseKey((await withAbort(signal, 'key set', this.fetch(uri))).keys, header);
    }
    if (chosen === 'unknown') throw new InvalidIdToken('unknown_key');
    if (chosen === 'ambiguous') throw new InvalidIdToken('ambiguous_key');
    return importKey(chosen, header.alg!);
  }

  /** While no keys are known, since the provider does not answer, unsolicited tokens ask it once in 30 s. */
  private async current(
    uri: string,
    signal: AbortSignal,
    { isUnsolicited }: TokenOrigin,
  ): Promise<CachedKeySet> {
    if (this.cached?.uri !== uri) {
      if (isUnsolicited && !this.mayAsk(this.unsolicitedFirstFetches))
        throw new ProviderUnavailable('key set: asked a moment ago');
      return withAbort(signal, 'key set', this.fetch(uri));
    }
    if (this.cached.until < Date.now()) this.refetchInBackground(this.cached);
    return this.cached;
  }

  /** The old keys serve meanwhile, and on while the provider is down. */
  private refetchInBackground(old: CachedKeySet): void {
    old.until = Date.now() + REFETCH_INTERVAL_MS;
    this.fetch(old.uri).catch((error: unknown) => {
      const reason = error instanceof ProviderUnavailable ? error.reason : 'an unexpected failure';
      this.log.warn(`the provider's keys are old, and it does not say the present ones: ${reason}`);
    });
  }

  /** Whoever comes while the one question is underway waits for its answer with the others. */
  private mayAsk(interval: Interval): boolean {
    return this.inFlight !== null || interval.tryStart();
  }

  private fetch(uri: string): Promise<CachedKeySet> {
    this.inFlight ??= this.load(uri).finally(() => (this.inFlight = null));
    return this.inFlight;
  }

  private async load(uri: string): Promise<CachedKeySet> {
    const response = await requestProvider('key set', uri, {
      signal: requestTimeout(),
      headers: { accept: 'application/json' },
    });
    const { keys } = await readJsonObject('key set', response);
    if (!response.ok || !Array.isArray(keys))
      throw new ProviderUnavailable(`key set: status ${response.status}, no keys`);
    const usable = keys.filter((key): key is JWK => typeof key === 'object' && key !== null);
    this.cached = { uri, keys: usable, until: Date.now() + CACHE_MS };
    return this.cached;
  }
}

/** Something that may start at most once in so many milliseconds. */
class Interval {
  private startedAt = -Infinity;

  constructor(private readonly ms: number) {}

  tryStart(): boolean {
    if (performance.now() - this.startedAt < this.ms) return false;
    this.startedAt = performance.now();
    return true;
  }
}

/** A public key only: a symmetric one among the keys would make a forger's task easy. */
async function importKey({ kty, n, e, crv, x, y }: JWK, algorithm: string): Promise<CryptoKey> {
  try {
    return (await importJWK({ kty, n, e, crv, x, y }, algorithm)) as CryptoKey;
  } catch (error) {
    throw new ProviderUnavailable('key set: a key that cannot be read', { cause: error });
  }
}
