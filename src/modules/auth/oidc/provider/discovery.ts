import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { allowInsecureRequests, customFetch, discovery } from 'openid-client';
import { onListening } from '../../../../common/http/on-listening.js';
import { Config } from '../../../../config/config.js';
import { ProviderUnavailable, SsoDisabled } from './provider.errors.js';
import { ProviderClient } from './provider-client.js';
import { requestTimeout, withAbort } from './provider-request.js';
import { discoveryAddress, type ProviderMetadata, trustedMetadata } from './trusted-metadata.js';

const CACHE_MS = 3_600_000;
const INITIAL_BACKOFF_MS = 250; // doubled after each further failure
const MAX_BACKOFF_MS = 5_000;

/**
 * The provider's metadata, fetched on demand and cached for an hour. Cached metadata stay in use while the provider is
 * down, and the server starts without it.
 */
@Injectable()
export class Discovery implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(Discovery.name);
  private cached: { metadata: ProviderMetadata; until: number } | null = null;
  private inFlight: Promise<ProviderMetadata> | null = null;
  private readonly closing = new AbortController();
  private failure: { error: unknown; count: number; pauseUntil: number } | null = null;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly client: ProviderClient,
    private readonly config: Config,
  ) {}

  /** Not awaited: the provider may be down. */
  onModuleInit(): void {
    if (this.config.sso) onListening(this.adapter, () => this.refetchInBackground());
  }

  /** Aborts a pending request, so that a hanging provider does not delay the shutdown. */
  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /** Null if the provider was not asked yet, or if single sign-on is off. */
  get isReachable(): boolean | null {
    if (this.failure) return false;
    return this.cached ? true : null;
  }

  /** @throws ProviderUnavailable or SsoDisabled */
  async metadata(signal: AbortSignal): Promise<ProviderMetadata> {
    if (!this.cached) return withAbort(signal, 'discovery', this.refetch());
    if (this.cached.until < performance.now()) this.refetchInBackground();
    return this.cached.metadata;
  }

  /** Retries after a failure, so that a readiness probe sees the recovery. */
  retryIfFailed(): void {
    if (this.failure) this.refetchInBackground();
  }

  private refetchInBackground(): void {
    this.refetch().catch(() => undefined); // already logged and stored in `failure`
  }

  /** One request at a time, with a backoff after failures. */
  private async refetch(): Promise<ProviderMetadata> {
    if (this.failure && this.failure.pauseUntil > performance.now()) throw this.failure.error;
    this.inFlight ??= this.fetch().finally(() => (this.inFlight = null));
    return this.inFlight;
  }

  private async fetch(): Promise<ProviderMetadata> {
    try {
      const metadata = await this.discover();
      if (this.failure) this.log.log('the identity provider is reachable again');
      this.cached = { metadata, until: performance.now() + CACHE_MS };
      this.failure = null;
      return metadata;
    } catch (error) {
      this.setFailure(error);
      throw error;
    }
  }

  private async discover(): Promise<ProviderMetadata> {
    const { sso } = this.config;
    if (!sso) throw new SsoDisabled();
    const signal = AbortSignal.any([requestTimeout(), this.closing.signal]);
    try {
      const configuration = await discovery(
        discoveryAddress(sso.issuerUrl),
        sso.clientId,
        undefined,
        undefined,
        {
          execute: [allowInsecureRequests], // only for loopback: the environment and `trustedMetadata` check it
          [customFetch]: (url, { headers }) => this.client.request('discovery', url, { headers, signal }),
        },
      );
      return trustedMetadata({ ...configuration.serverMetadata() }, sso.issuerUrl);
    } catch (error) {
      const providerError = [error, (error as Error).cause].find((e) => e instanceof ProviderUnavailable);
      if (providerError) throw providerError; // the library wraps the error of the fetch
      throw new ProviderUnavailable('discovery: not the metadata of a provider', { cause: error });
    }
  }

  private setFailure(error: unknown): void {
    const count = (this.failure?.count ?? 0) + 1;
    const pause = Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (count - 1));
    this.failure = { error, count, pauseUntil: performance.now() + pause };
    const reason = error instanceof ProviderUnavailable ? error.reason : 'discovery failed';
    if (count === 1 && !this.closing.signal.aborted)
      this.log.warn(`the identity provider cannot be used: ${reason}`);
  }
}
