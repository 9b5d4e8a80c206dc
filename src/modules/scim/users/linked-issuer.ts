import { Injectable } from '@nestjs/common';
import { Config } from '../../../config/config.js';
import { IdentityProvider } from '../../auth/oidc/index.js';

/**
 * The issuer whose subjects are the `externalId`s of users, spelled as the provider spells it: a trailing slash makes
 * another issuer (docs/contract/scim.md#linked-issuer). Null without single sign-on.
 */
@Injectable()
export class LinkedIssuer {
  private loaded: string | null = null;

  constructor(
    private readonly config: Config,
    private readonly provider: IdentityProvider,
  ) {}

  /** Queries the provider; call it before the first transaction that links users. @throws ProviderUnavailable */
  async load(): Promise<void> {
    if (this.config.sso !== null) this.loaded ??= (await this.provider.metadata()).issuer;
  }

  get issuer(): string | null {
    if (this.config.sso !== null && this.loaded === null)
      throw new Error('LinkedIssuer.load() has to be called first');
    return this.loaded;
  }
}
