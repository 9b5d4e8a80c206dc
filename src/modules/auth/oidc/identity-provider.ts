import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { allowInsecureRequests, customFetch, discovery } from 'openid-client';
import { onListening } from '../../../common/background/lifecycle.js';
import { Config } from '../../../config/config.js';
import { rethrowFrom } from './provider/library-errors.mapper.js';
import { ProviderUnavailable, SsoDisabled } from './provider/provider.errors.js';
import { ProviderFetch, requestTimeout } from './provider/provider-fetch.js';
import { discoveryAddress, type ProviderMetadata, trustedMetadata } from './provider/trusted-metadata.js';

const CACHE_MS = 3_600_000;
const INITIAL_BACKOFF_MS = 250; // doubled after each further failure
const MAX_BACKOFF_MS = 5_000;

/** Its metadata are loaded on demand and cached for an hour; they stay in use while the provider is down. */
@Injectable()
export class IdentityProvider implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(IdentityProvider.name);
  private readonly closing = new AbortController();
  private cached: { metadata: ProviderMetadata; until: number } | null = null;
  private loading: Promise<ProviderMetadata> | null = null;
  private failure: { error: unknown; count: number; pauseUntil: number } | null = null;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly fetch: ProviderFetch,
    private readonly config: Config,
  ) {}

  /** Not awaited: the provider may be down. */
  onModuleInit(): void {
    if (this.config.sso) onListening(this.adapter, () => this.loadInBackground());
  }

  /** Aborts a pending request, so that a hanging provider does not delay the shutdown. */
  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /** @throws ProviderUnavailable or SsoDisabled */
  async metadata(): Promise<ProviderMetadata> {
    if (!this.cached) return this.load();
    if (this.cached.until < performance.now()) this.loadInBackground();
    return this.cached.metadata;
  }

  /** Null if it was not asked. After a failure, asks again in the background, so that a probe sees the recovery. */
  isReachable(): boolean | null {
    if (!this.failure) return this.cached ? true : null;
    this.loadInBackground();
    return false;
  }

  private loadInBackground(): void {
    this.load().catch(() => undefined); // already logged and stored in `failure`
  }

  /** One request at a time, with a backoff after failures. */
  private async load(): Promise<ProviderMetadata> {
    if (this.failure && this.failure.pauseUntil > performance.now()) throw this.failure.error;
    this.loading ??= this.discover()
      .then(this.setMetadata, this.throwFailure)
      .finally(() => (this.loading = null));
    return this.loading;
  }

  private async discover(): Promise<ProviderMetadata> {
    const { sso } = this.config;
    if (!sso) throw new SsoDisabled();
    return discover(sso, this.fetch, AbortSignal.any([requestTimeout(), this.closing.signal]));
  }

  private readonly setMetadata = (metadata: ProviderMetadata): ProviderMetadata => {
    if (this.failure) this.log.log('the identity provider is reachable again');
    this.cached = { metadata, until: performance.now() + CACHE_MS };
    this.failure = null;
    return metadata;
  };

  private readonly throwFailure = (error: unknown): never => {
    const count = (this.failure?.count ?? 0) + 1;
    const pause = Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (count - 1));
    this.failure = { error, count, pauseUntil: performance.now() + pause };
    const reason = error instanceof ProviderUnavailable ? error.reason : 'discovery failed';
    if (count === 1 && !this.closing.signal.aborted)
      this.log.warn(`the identity provider cannot be used: ${reason}`);
    throw error;
  };
}

/** Asks the provider for its metadata. @throws ProviderUnavailable */
export async function discover(
  { issuerUrl, clientId }: NonNullable<Config['sso']>,
  fetch: ProviderFetch,
  signal: AbortSignal,
): Promise<ProviderMetadata> {
  const configuration = await discovery(discoveryAddress(issuerUrl), clientId, undefined, undefined, {
    execute: [allowInsecureRequests], // only for loopback: the environment and `trustedMetadata` check it
    [customFetch]: fetch.for('discovery', signal),
  }).catch(rethrowFrom('discovery'));
  return trustedMetadata({ ...configuration.serverMetadata() }, issuerUrl);
}
