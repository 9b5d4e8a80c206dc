import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AccessCache } from '../../../common/access/access-cache.js';
import { InvalidCredential, OrganizationDisabled } from '../../../common/access/access.errors.js';
import { looksLikeScimToken } from '../../../common/secrets/scim-token-format.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { type FoundToken, ScimTokensRepository } from './scim-tokens.repository.js';

/** Recognises SCIM tokens (docs/contract/installation.md#caching). */
@Injectable()
export class ValidScimTokens {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly config: Config,
    private readonly cache: AccessCache,
  ) {}

  /** Null if the token is unknown, expired or revoked. Call it outside of a transaction. */
  async find(token: string): Promise<FoundToken | null> {
    if (!looksLikeScimToken(token)) return null;
    return this.cache.get('scim_tokens', hash('sha256', token, 'base64url'), {
      load: async () => Object.freeze(await this.tokens.findValid(this.digest(token))),
      endsAt: (found) => found?.endsAt ?? null,
      subjectIds: (found) => (found && !found.orgIsDisabled ? [found.id, found.orgId] : null),
    });
  }

  /** Asks the database, so it may run in a transaction. @throws InvalidCredential, then OrganizationDisabled */
  async assertStillValid(token: string): Promise<void> {
    const found = await this.tokens.findValid(this.digest(token));
    if (!found) throw new InvalidCredential();
    if (found.orgIsDisabled) throw new OrganizationDisabled();
  }

  private digest(token: string): Buffer {
    return secretDigest(this.config.apiKeys.salt, token);
  }
}
