import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { IdentityProvider } from '../auth/index.js';

/**
 * The issuer whose subjects are the `externalId`s of users (semantics, section 11), as the provider itself writes it: a
 * slash at the end makes another issuer, and of a login too. Null without single sign-on.
 */
@Injectable()
export class LinkedIssuer {
  private loaded: string | null = null;

  constructor(
    private readonly config: Config,
    private readonly provider: IdentityProvider,
  ) {}

  /** Once, before the first transaction that links anybody: it asks the provider. Throws ProviderUnavailable. */
  async load(): Promise<void> {
    if (this.config.sso !== null) this.loaded ??= (await this.provider.metadata()).issuer;
  }

  get issuer(): string | null {
    if (this.config.sso !== null && this.loaded === null)
      throw new Error('the issuer has to be learnt first');
    return this.loaded;
  }

  loginOf(externalId: string | null): { issuer: string; subject: string } | null {
    const { issuer } = this;
    return issuer === null || externalId === null ? null : { issuer, subject: externalId };
  }
}
