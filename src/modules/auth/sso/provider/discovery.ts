import { type BeforeApplicationShutdown, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { allowInsecureRequests, customFetch, discovery } from 'openid-client';
import { whenServing } from '../../../../common/http/when-serving.js';
import { Config } from '../../../../config/config.js';
import { ProviderUnavailable, SsoIsOff } from '../provider.errors.js';
import { ask, patience, within } from './ask.js';
import { discoveryAddress, type ProviderMetadata, trustedMetadata } from './trusted-metadata.js';

const FRESH_FOR = 3_600_000; // ms
const FIRST_PAUSE = 250; // ms after a failure; doubled by each further one
const LONGEST_PAUSE = 5_000;

/**
 * What the provider says of itself, asked when it is needed and kept for an hour; known metadata serve on while the
 * provider is down. The server starts without it.
 */
@Injectable()
export class Discovery implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger(Discovery.name);
  private known: { metadata: ProviderMetadata; until: number } | null = null;
  private underway: Promise<ProviderMetadata> | null = null;
  private readonly closing = new AbortController();
  private failure: { error: unknown; count: number; pauseUntil: number } | null = null;

  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly config: Config,
  ) {}

  /** Not waited for: the provider may be down. */
  onModuleInit(): void {
    if (this.config.sso) whenServing(this.adapter, () => this.refetchBehind());
  }

  /** A provider that hangs must not hold the end of the server up. */
  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /** Null as long as nobody knows: it was not asked yet, or single sign-on is off. */
  get isReachable(): boolean | null {
    if (this.failure) return false;
    return this.known ? true : null;
  }

  /** Throws ProviderUnavailable, or SsoIsOff. */
  async metadata(signal: AbortSignal): Promise<ProviderMetadata> {
    if (!this.known) return within(signal, 'discovery', this.refetch());
    if (this.known.until < Date.now()) this.refetchBehind();
    return this.known.metadata;
  }

  /** Asks again when it failed last time, so that whoever watches us sees it recover. */
  lookAgain(): void {
    if (this.failure) this.refetchBehind();
  }

  private refetchBehind(): void {
    this.refetch().catch(() => undefined); // it was logged, and is kept as the failure
  }

  /** One at a time, and after a failure not at once. */
  private async refetch(): Promise<ProviderMetadata> {
    if (this.failure && this.failure.pauseUntil > Date.now()) throw this.failure.error;
    this.underway ??= this.fetch().finally(() => (this.underway = null));
    return this.underway;
  }

  private async fetch(): Promise<ProviderMetadata> {
    try {
      const metadata = await this.discover();
      if (this.failure) this.log.log('the identity provider is there again');
      this.known = { metadata, until: Date.now() + FRESH_FOR };
      this.failure = null;
      return metadata;
    } catch (error) {
      this.noteFailure(error);
      throw error;
    }
  }

  private async discover(): Promise<ProviderMetadata> {
    const { sso } = this.config;
    if (!sso) throw new SsoIsOff();
    const signal = AbortSignal.any([patience(), this.closing.signal]);
    try {
      const found = await discovery(discoveryAddress(sso.issuerUrl), sso.clientId, undefined, undefined, {
        execute: [allowInsecureRequests], // only on this machine: environment and `trustedMetadata` see to that
        [customFetch]: (url, { method, headers }) => ask('discovery', url, { method, headers, signal }),
      });
      return trustedMetadata({ ...found.serverMetadata() }, sso.issuerUrl);
    } catch (error) {
      const ours = [error, (error as Error).cause].find((e) => e instanceof ProviderUnavailable);
      if (ours) throw ours; // the library wraps what `ask` throws
      throw new ProviderUnavailable('discovery: not the metadata of a provider', { cause: error });
    }
  }

  private noteFailure(error: unknown): void {
    const count = (this.failure?.count ?? 0) + 1;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (count - 1));
    this.failure = { error, count, pauseUntil: Date.now() + pause };
    const reason = error instanceof ProviderUnavailable ? error.reason : 'discovery failed';
    if (count === 1 && !this.closing.signal.aborted)
      this.log.warn(`the identity provider cannot be used: ${reason}`);
  }
}
