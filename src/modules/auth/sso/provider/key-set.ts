import { Injectable, Logger } from '@nestjs/common';
import { importJWK, type CryptoKey, type JWK, type JWSHeaderParameters } from 'jose';
import { IdTokenRefused, ProviderUnavailable } from '../provider.errors.js';
import { ask, jsonObject, patience, within } from './ask.js';
import { chooseKey } from './choose-key.js';
import { Discovery } from './discovery.js';

const FRESH_FOR = 3_600_000; // ms; a key that the provider withdrew is forgotten after this, if the provider answers then
const REFETCH_PAUSE = 30_000; // ms; between two questions about keys that nobody knows, or that it did not answer

/** Unsolicited: it came from anybody, not from the provider as the answer to a request of ours. */
export type TokenOrigin = { readonly isUnsolicited: boolean };

type Known = { uri: string; keys: readonly JWK[]; until: number };

/**
 * The keys that the provider signs with. A key that is not among them makes us ask once, however young the set is,
 * since providers rotate and sign at once; then not again for 30 s, since anybody can make up the name of a key.
 * jose's own remote set refuses the first, openid-client's too.
 */
@Injectable()
export class KeySet {
  private readonly log = new Logger(KeySet.name);
  private known: Known | null = null;
  private underway: Promise<Known> | null = null;
  private readonly refetches = new Interval(REFETCH_PAUSE);
  private readonly unsolicitedFirstFetches = new Interval(REFETCH_PAUSE);

  constructor(private readonly discovery: Discovery) {}

  /**
   * The public key that a token says it is signed with.
   *
   * @throws IdTokenRefused when the provider does not publish it, or ProviderUnavailable
   */
  async keyFor(header: JWSHeaderParameters, signal: AbortSignal, origin: TokenOrigin): Promise<CryptoKey> {
    const { jwks_uri: uri } = await this.discovery.metadata(signal);
    let chosen = chooseKey((await this.current(uri, signal, origin)).keys, header);
    if (chosen === 'unknown' && this.mayAsk(this.refetches)) {
      chosen = chooseKey((await within(signal, 'key set', this.fetch(uri))).keys, header);
    }
    if (chosen === 'unknown') throw new IdTokenRefused('unknown_key');
    if (chosen === 'ambiguous') throw new IdTokenRefused('ambiguous_key');
    return imported(chosen, header.alg!);
  }

  /** While no keys are known, since the provider does not answer, unsolicited tokens ask it once in 30 s. */
  private async current(uri: string, signal: AbortSignal, { isUnsolicited }: TokenOrigin): Promise<Known> {
    if (this.known?.uri !== uri) {
      if (isUnsolicited && !this.mayAsk(this.unsolicitedFirstFetches))
        throw new ProviderUnavailable('key set: asked a moment ago');
      return within(signal, 'key set', this.fetch(uri));
    }
    if (this.known.until < Date.now()) this.refetchBehind(this.known);
    return this.known;
  }

  /** The old keys serve meanwhile, and on while the provider is down. */
  private refetchBehind(old: Known): void {
    old.until = Date.now() + REFETCH_PAUSE;
    this.fetch(old.uri).catch((error: unknown) => {
      const reason = error instanceof ProviderUnavailable ? error.reason : 'an unexpected failure';
      this.log.warn(`the provider's keys are old, and it does not say the present ones: ${reason}`);
    });
  }

  /** Whoever comes while the one question is underway waits for its answer with the others. */
  private mayAsk(interval: Interval): boolean {
    return this.underway !== null || interval.tryStart();
  }

  private fetch(uri: string): Promise<Known> {
    this.underway ??= this.ask(uri).finally(() => (this.underway = null));
    return this.underway;
  }

  private async ask(uri: string): Promise<Known> {
    const response = await ask('key set', uri, {
      signal: patience(),
      headers: { accept: 'application/json' },
    });
    const { keys } = await jsonObject('key set', response);
    if (!response.ok || !Array.isArray(keys))
      throw new ProviderUnavailable(`key set: status ${response.status}, no keys`);
    const usable = keys.filter((key): key is JWK => typeof key === 'object' && key !== null);
    this.known = { uri, keys: usable, until: Date.now() + FRESH_FOR };
    return this.known;
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
async function imported({ kty, n, e, crv, x, y }: JWK, algorithm: string): Promise<CryptoKey> {
  try {
    return (await importJWK({ kty, n, e, crv, x, y }, algorithm)) as CryptoKey;
  } catch (error) {
    throw new ProviderUnavailable('key set: a key that cannot be read', { cause: error });
  }
}
