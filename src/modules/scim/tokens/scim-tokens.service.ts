import { Injectable } from '@nestjs/common';
import { first } from '../../../common/collections.js';
import { UUID } from '../../../common/http/value-checks.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { CredentialCreators } from '../../auth/api-keys/index.js';
import { CreateScimToken, type ScimTokenInput } from './create-scim-token.js';
import type { ScimToken } from './scim-token.entity.js';
import { ScimTokenNotFound } from './scim-tokens.errors.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

/** `createdBy`: the e-mail address of the user who created it; null if unknown or no longer a member. */
export type ListedScimToken = { token: ScimToken; createdBy: string | null };

/** An organization may have several tokens, so that one can be replaced while the old one still works. */
@Injectable()
export class ScimTokensService {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly creation: CreateScimToken,
    private readonly creators: CredentialCreators,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(orgId: string): Promise<ListedScimToken[]> {
    return this.withCreators(orgId, await this.tokens.list(orgId));
  }

  /** A text that is not a UUID is not found. */
  async get(orgId: string, id: string): Promise<ListedScimToken> {
    return first(await this.withCreators(orgId, [await this.find(orgId, id)]));
  }

  /**
   * The token with its secret, which is not stored.
   *
   * @throws KeyCreationByKeysDisabled, ScimTokenExpiryRefused or InvalidCredential
   */
  async create(
    principal: OrgPrincipal,
    input: ScimTokenInput,
  ): Promise<ListedScimToken & { secret: string }> {
    const { token, secret } = await this.creation.run(principal, input);
    return { ...first(await this.withCreators(principal.orgId, [token])), secret };
  }

  /** `description` null leaves it unchanged. */
  async describe(principal: OrgPrincipal, id: string, description: string | null): Promise<ListedScimToken> {
    const { token, createdBy } = await this.get(principal.orgId, id);
    if (description === null) return { token, createdBy };
    return this.transaction.runAs(principal, async () => {
      if (!(await this.tokens.describe(principal.orgId, token.id, description)))
        throw new ScimTokenNotFound();
      await this.audit.record(principal, 'update_scim_token', [token.id]);
      return this.get(principal.orgId, token.id);
    });
  }

  /** The token is invalid on every replica from the next request on. */
  async revoke(principal: OrgPrincipal, id: string): Promise<void> {
    const token = await this.find(principal.orgId, id);
    await this.transaction.runAs(principal, async () => {
      if (!(await this.tokens.remove(principal.orgId, token.id))) throw new ScimTokenNotFound();
      await this.audit.record(principal, 'delete_scim_token', [token.id]);
    });
  }

  private async find(orgId: string, id: string): Promise<ScimToken> {
    const token = UUID.test(id) ? await this.tokens.find(orgId, id) : null;
    if (!token) throw new ScimTokenNotFound();
    return token;
  }

  private async withCreators(orgId: string, tokens: readonly ScimToken[]): Promise<ListedScimToken[]> {
    const creators = await this.creators.findOf(orgId, tokens);
    return tokens.map((token) => ({
      token,
      createdBy: creators.get(token.createdByUserId ?? '')?.email ?? null,
    }));
  }
}
