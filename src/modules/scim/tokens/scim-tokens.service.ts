import { Injectable } from '@nestjs/common';
import { UUID } from '../../../common/http/value-checks.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { newScimToken, shortScimToken } from '../../../common/secrets/scim-token-format.js';
import { secretDigest } from '../../../common/secrets/secret-digest.js';
import { Config } from '../../../config/config.js';
import { DatabaseClock } from '../../../database/database-clock.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import { CallerKeys } from '../../auth/api-keys/index.js';
import { mayGrantOrgAdmin } from '../../rbac/index.js';
import type { ScimToken } from './scim-token.entity.js';
import { ScimTokenExpiryRefused, ScimTokenNotFound } from './scim-tokens.errors.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

type ScimTokenInput = { description: string; expiresAt: Date | null };

/** An organization may have several tokens, so that one can be replaced while the old one still works. */
@Injectable()
export class ScimTokensService {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
    private readonly callerKeys: CallerKeys,
  ) {}

  list(orgId: string): Promise<ScimToken[]> {
    return this.tokens.list(orgId);
  }

  /** A text that is not a UUID is not found. */
  async get(orgId: string, id: string): Promise<ScimToken> {
    const token = UUID.test(id) ? await this.tokens.find(orgId, id) : null;
    if (!token) throw new ScimTokenNotFound();
    return token;
  }

  /** The token with its secret, which is not stored. @throws ScimTokenExpiryRefused, InvalidCredential */
  async create(
    principal: OrgPrincipal,
    input: ScimTokenInput,
  ): Promise<{ token: ScimToken; secret: string }> {
    const secret = newScimToken();
    const design = {
      ...input,
      id: newId(),
      orgId: principal.orgId,
      digest: this.digest(secret),
      shortToken: shortScimToken(secret),
      makesAdmins: mayGrantOrgAdmin(principal),
      createdByUserId: principal.userId,
      lastUsedAt: null,
    };
    return this.transaction.runAs(principal, async () => {
      const createdAt = await this.clock.now();
      const expiresAt = await this.expiryOf(principal, input.expiresAt, createdAt);
      const token: ScimToken = { ...design, expiresAt, createdAt, updatedAt: createdAt };
      await this.tokens.insert(token);
      await this.audit.record(principal, 'create_scim_token', [token.id]);
      return { token, secret };
    });
  }

  /** Stores a token whose secret the operator has generated, in the open transaction. */
  async install(orgId: string, description: string, secret: string): Promise<void> {
    const createdAt = await this.clock.now();
    const token: ScimToken = {
      id: newId(),
      orgId,
      digest: this.digest(secret),
      shortToken: shortScimToken(secret),
      description,
      makesAdmins: true,
      createdByUserId: null,
      createdAt,
      updatedAt: createdAt,
      expiresAt: null,
      lastUsedAt: null,
    };
    await this.tokens.insert(token);
    await this.audit.record(operatorIn(orgId), 'create_scim_token', [token.id]);
  }

  /** `description` null leaves it unchanged. */
  async describe(principal: OrgPrincipal, id: string, description: string | null): Promise<ScimToken> {
    const token = await this.get(principal.orgId, id);
    if (description === null) return token;
    return this.transaction.runAs(principal, async () => {
      if (!(await this.tokens.describe(principal.orgId, token.id, description)))
        throw new ScimTokenNotFound();
      await this.audit.record(principal, 'update_scim_token', [token.id]);
      return this.get(principal.orgId, token.id);
    });
  }

  /** The token is invalid on every replica from the next request on. */
  async revoke(principal: OrgPrincipal, id: string): Promise<void> {
    const token = await this.get(principal.orgId, id);
    await this.transaction.runAs(principal, async () => {
      if (!(await this.tokens.remove(principal.orgId, token.id))) throw new ScimTokenNotFound();
      await this.audit.record(principal, 'delete_scim_token', [token.id]);
    });
  }

  /** No later than the key that creates the token (docs/contract/keys.md#expiry-limits). */
  private async expiryOf(principal: OrgPrincipal, wanted: Date | null, now: Date): Promise<Date | null> {
    if (wanted && wanted <= now) throw new ScimTokenExpiryRefused('must be an instant in the future');
    const latest = (await this.callerKeys.hold(principal))?.expiresAt ?? null;
    if (latest && wanted && wanted > latest)
      throw new ScimTokenExpiryRefused(
        `must not be after ${latest.toISOString()}, when the key that creates it expires`,
      );
    return wanted ?? latest;
  }

  private digest(token: string): Buffer {
    return secretDigest(this.config.apiKeys.salt, token);
  }
}
