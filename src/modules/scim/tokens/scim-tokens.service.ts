import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { first } from '../../../common/collections.js';
import { UUID } from '../../../common/http/operations/value-checks.js';
import { newScimToken } from '../../../common/secrets/credential-formats.js';
import { DatabaseClock } from '../../../database/transactions/database-clock.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail, operatorIn } from '../../audit/index.js';
import {
  CallerKeys,
  CredentialCreators,
  CredentialHasEnded,
  isBeyondCreator,
  isOutlivedBy,
  RotationOutlivesCaller,
} from '../../auth/api-keys/index.js';
import { ADMINISTRATIVE_ROLES, mayGrantOrgAdmin, ORG_ADMIN_ID } from '../../roles/index.js';
import { ScimTokenExpiryRefused, ScimTokenNotFound } from './errors.js';
import type { ScimToken } from './scim-token.entity.js';
import { ScimTokensRepository } from './scim-tokens.repository.js';

/**
 * `createdBy`: the e-mail address of the user who created it; null if unknown or no longer a member.
 * `exceedsCreator`: it allows more than that user may currently do; null if unknown.
 */
export type ListedScimToken = { token: ScimToken; createdBy: string | null; exceedsCreator: boolean | null };

/** An organization may have several tokens, so that one can be replaced while the old one still works. */
@Injectable()
export class ScimTokensService {
  constructor(
    private readonly tokens: ScimTokensRepository,
    private readonly callerKeys: CallerKeys,
    private readonly creators: CredentialCreators,
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  async list(orgId: string): Promise<ListedScimToken[]> {
    return this.withCreators(orgId, await this.tokens.list(orgId));
  }

  /** In no particular order; those that are unknown are missing. */
  async findByIds(orgId: string, ids: readonly string[]): Promise<ListedScimToken[]> {
    return ids.length === 0 ? [] : this.withCreators(orgId, await this.tokens.findByIds(orgId, ids));
  }

  /** A text that is not a UUID is not found. */
  async get(orgId: string, id: string): Promise<ListedScimToken> {
    return first(await this.withCreators(orgId, [await this.find(orgId, id)]));
  }

  /** @throws KeyCreationByKeysDisabled, ScimTokenExpiryRefused or InvalidCredential */
  async create(
    principal: OrgPrincipal,
    { description, expiresAt: wanted }: { description: string; expiresAt: Date | null },
  ): Promise<ListedScimToken & { secret: string }> {
    const { orgId } = principal;
    const makesAdmins = mayGrantOrgAdmin(principal);
    const secret = newScimToken();
    const token = await this.transaction.as(principal, async () => {
      const { origin, expiresAt: latest, rightsEndAt } = await this.callerKeys.hold(principal);
      const createdAt = await this.clock.now();
      const expiresAt = expiryOf(wanted, latest, createdAt);
      const values = { ...origin, orgId, description, makesAdmins, createdAt, expiresAt, rightsEndAt };
      const created = await this.tokens.insert(values, secret);
      await this.audit.record(principal, 'create_scim_token', [created.id]);
      return created;
    });
    return { ...first(await this.withCreators(orgId, [token])), secret };
  }

  /** Stores a token whose secret the operator has generated, in the open transaction. */
  async install(orgId: string, description: string, secret: string): Promise<void> {
    const creator = { createdByUserId: null, createdWithKind: null, createdWithId: null, creatorKeyId: null };
    const createdAt = await this.clock.now();
    const unlimited = { makesAdmins: true, expiresAt: null, rightsEndAt: null };
    const values = { ...creator, ...unlimited, orgId, description, createdAt };
    const { id } = await this.tokens.insert(values, secret);
    await this.audit.record(operatorIn(orgId), 'create_scim_token', [id]);
  }

  /** `description` null leaves it unchanged. */
  async describe(principal: OrgPrincipal, id: string, description: string | null): Promise<ListedScimToken> {
    const listed = await this.get(principal.orgId, id);
    if (description === null) return listed;
    const { token } = listed;
    return this.transaction.as(principal, async () => {
      if (!(await this.tokens.describe(principal.orgId, token.id, description)))
        throw new ScimTokenNotFound();
      await this.audit.record(principal, 'update_scim_token', [token.id]);
      return this.get(principal.orgId, token.id);
    });
  }

  /** @throws KeyCreationByKeysDisabled, SecretReplaced, ScimTokenNotFound, RotationOutlivesCaller or CredentialHasEnded */
  rotate(
    principal: OrgPrincipal,
    id: string,
    overlapHours: number,
  ): Promise<ListedScimToken & { secret: string }> {
    return this.transaction.as(principal, async () => {
      const { expiresAt: latest, rightsEndAt } = await this.callerKeys.hold(principal);
      const listed = await this.get(principal.orgId, id);
      if (isOutlivedBy(latest, listed.token)) throw new RotationOutlivesCaller();
      const secret = newScimToken();
      const token = await this.tokens.rotate(listed.token, secret, { overlapHours, rightsEndAt });
      if (!token) throw new CredentialHasEnded();
      const details = { overlap_hours: overlapHours };
      await this.audit.record(principal, 'rotate_scim_token', [token.id], { details });
      return { ...listed, token, secret };
    });
  }

  /** The token is invalid on every replica from the next request on. */
  async revoke(principal: OrgPrincipal, id: string): Promise<void> {
    const token = await this.find(principal.orgId, id);
    await this.transaction.as(principal, async () => {
      if (!(await this.tokens.remove(principal.orgId, token.id))) throw new ScimTokenNotFound();
      await this.audit.record(principal, 'delete_scim_token', [token.id]);
    });
  }

  /** In two statements of the open transaction; the caller may manage SCIM tokens. */
  async deleteAll(principal: OrgPrincipal, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.tokens.removeAll(principal.orgId, ids);
    await this.audit.recordAll(
      ids.map((id) => ({ actor: principal, operation: 'delete_scim_token', resourceIds: [id] })),
    );
  }

  private async find(orgId: string, id: string): Promise<ScimToken> {
    const token = UUID.test(id) ? await this.tokens.find(orgId, id) : null;
    if (!token) throw new ScimTokenNotFound();
    return token;
  }

  private async withCreators(orgId: string, tokens: readonly ScimToken[]): Promise<ListedScimToken[]> {
    const creators = await this.creators.findOf(orgId, tokens);
    const now = await this.clock.now();
    return tokens.map((token) => {
      const creator = creators.get(token.createdByUserId ?? '') ?? null;
      const exceedsCreator = isBeyondCreator(token, creator, {
        isActive: token.expiresAt === null || token.expiresAt > now,
        roles: token.makesAdmins ? [ORG_ADMIN_ID] : ADMINISTRATIVE_ROLES, // a limited one manages members as an operator does
      });
      return { token, createdBy: creator?.email ?? null, exceedsCreator };
    });
  }
}

/** No later than the key that creates the token (docs/contract/keys.md#expiry-limits). */
function expiryOf(wanted: Date | null, latest: Date | null, now: Date): Date | null {
  if (wanted && wanted <= now) throw new ScimTokenExpiryRefused('must be an instant in the future');
  if (latest && wanted && wanted > latest)
    throw new ScimTokenExpiryRefused(
      `must not be after ${latest.toISOString()}, when the key or role with which it is created ends`,
    );
  return wanted ?? latest;
}
