import { Injectable } from '@nestjs/common';
import { AccessLimits, type EndOf } from '../../../../common/access/access-limits.js';
import { InvalidCredential } from '../../../../common/access/access.errors.js';
import type { Permission } from '../../../../common/access/permissions.js';
import type { OrgPrincipal, Principal } from '../../../../common/access/principal.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { type Org, OrgsRepository } from '../../../orgs/index.js';
import { ORG_ADMIN_ID, RolesService, rightsOfRole } from '../../../roles/index.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import type { ApiKey } from './entities.js';
import { KeyCreationByKeysDisabled, SecretReplaced } from './errors.js';
import { type ExpiryLimits, keyExpiry } from './key-expiry.js';

/** Who creates a credential, and with which one. */
export type CredentialOrigin = Pick<
  ApiKey,
  'createdByUserId' | 'createdWithKind' | 'createdWithId' | 'creatorKeyId'
>;

/** `expiresAt`: what is created with it expires no later; null: no limit. */
type HeldCredential = { readonly origin: CredentialOrigin; readonly expiresAt: Date | null };

/** `rightsEndAt`: when the rights end with which a key or SCIM token is created; null: never. */
type HeldRights = HeldCredential & { readonly rightsEndAt: Date | null };

export type Terms = CredentialOrigin &
  Pick<ApiKey, 'parentKeyId' | 'createdAt' | 'expiresAt' | 'rightsEndAt'>;

/** Where a key works, with which role. Without workspaces: in the whole organization, for which the creator has to be Organization Admin. */
export type KeyReach = Pick<ApiKey, 'workspaceRoleId'> & { readonly workspaceIds: readonly string[] };

const WHOLE_ORG: KeyReach = { workspaceRoleId: null, workspaceIds: [] };

/** The credential of a request that creates another one (docs/contract/keys.md#who-created-a-key). */
@Injectable()
export class CallerKeys {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
    private readonly orgs: OrgsRepository,
    private readonly clock: DatabaseClock,
  ) {}

  /**
   * Locks a key until the transaction ends, so that its expiry cannot be shortened in between. What a user creates ends with their roles,
   * too (docs/contract/keys.md#expiry-limits).
   *
   * @throws KeyCreationByKeysDisabled or SecretReplaced, or InvalidCredential if the key expired or was deleted after authentication
   */
  async hold(principal: OrgPrincipal, reach = WHOLE_ORG): Promise<HeldRights> {
    const held = await this.holdForTokens(principal);
    const rightsEndAt = await this.endIn(principal.orgId, reach, await this.limits.loadEnds(principal));
    return { ...held, expiresAt: earlier(held.expiresAt, rightsEndAt), rightsEndAt };
  }

  /** When the caller's rights end by which a key like this is created, or the service key of the request; null: never. */
  async endOfRights(principal: OrgPrincipal, reach: KeyReach): Promise<Date | null> {
    if (principal.userId === null) return (await this.holdCredential(principal)).expiresAt;
    return this.endIn(principal.orgId, reach, await this.limits.loadEnds(principal));
  }

  private async endIn(orgId: string, { workspaceRoleId: id, workspaceIds }: KeyReach, endOf: EndOf) {
    const role = id && (await this.roles.findByIds(orgId, [id])).get(id);
    return endOfReach(role ? rightsOfRole(role.id, role.permissions) : new Set(), workspaceIds, endOf);
  }

  /** `hold` for a personal access token, which has the current roles of its owner. */
  async holdForTokens(principal: OrgPrincipal): Promise<HeldCredential> {
    const { orgId, credential } = principal;
    if (credential.kind !== 'session') assertMayCreateKeys(principal, await this.orgs.get(orgId));
    return this.holdCredential(principal);
  }

  /** Of what is no credential and outlives that of the caller, such as a webhook. @throws SecretReplaced or InvalidCredential */
  async originOf(principal: OrgPrincipal): Promise<CredentialOrigin> {
    if (principal.usesReplacedSecret()) throw new SecretReplaced();
    return (await this.holdCredential(principal)).origin;
  }

  private async holdCredential(principal: OrgPrincipal): Promise<HeldCredential> {
    const { orgId, userId, credential } = principal;
    const { kind, id } = credential;
    if (kind === 'session') {
      const origin = {
        createdByUserId: userId,
        createdWithKind: kind,
        createdWithId: id,
        creatorKeyId: null,
      };
      return { origin, expiresAt: null };
    }
    const key = await this.keys.holdValid(orgId, id);
    if (!key || kind === 'scim-token' || kind === 'application') throw new InvalidCredential();
    const createdByUserId = userId ?? key.createdByUserId;
    const origin = { createdByUserId, createdWithKind: kind, createdWithId: id, creatorKeyId: id };
    return { origin, expiresAt: key.expiresAt };
  }

  /**
   * Runs in the transaction that inserts the key. `expiresAt` null: the latest expiry that is allowed. `days`: limits of the organization.
   *
   * @throws KeyCreationByKeysDisabled, SecretReplaced, InvalidExpiry or InvalidCredential
   */
  async termsFor(
    principal: OrgPrincipal,
    { kind, expiresAt: requested, ...reach }: KeyReach & Pick<ApiKey, 'kind' | 'expiresAt'>,
    days: ExpiryLimits['days'],
  ): Promise<Terms> {
    const held =
      kind === 'pat'
        ? { ...(await this.holdForTokens(principal)), rightsEndAt: null }
        : await this.hold(principal, reach);
    const { origin, expiresAt: callerKey, rightsEndAt } = held;
    const createdAt = await this.clock.now();
    return {
      ...origin,
      parentKeyId: kind === 'pat' ? origin.creatorKeyId : null,
      createdAt,
      rightsEndAt,
      expiresAt: keyExpiry(requested, { days, callerKey }, createdAt),
    };
  }
}

/** When the right ends to create a key with these permissions in these workspaces or, without workspaces, in the organization; null: never. */
export function endOfReach(
  permissions: ReadonlySet<Permission>,
  workspaceIds: readonly string[],
  endOf: EndOf,
): Date | null {
  const inWorkspace = new Set<Permission>([...permissions, 'workspaces:manage-keys']);
  const places =
    workspaceIds.length === 0
      ? [{ workspaceId: null, permissions: rightsOfRole(ORG_ADMIN_ID, null) }]
      : workspaceIds.map((workspaceId) => ({ workspaceId, permissions: inWorkspace }));
  const end = Math.min(...places.map(endOf));
  return end === Infinity ? null : new Date(end);
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));

/** For SCIM tokens, too (docs/contract/keys.md#keys-made-with-keys). @throws KeyCreationByKeysDisabled or SecretReplaced */
export function assertMayCreateKeys(
  { credential, usesReplacedSecret }: Pick<Principal, 'credential' | 'usesReplacedSecret'>,
  { apiKeyCreationFromApiKeysEnabled }: Pick<Org, 'apiKeyCreationFromApiKeysEnabled'>,
): void {
  if (credential.kind !== 'session' && !apiKeyCreationFromApiKeysEnabled)
    throw new KeyCreationByKeysDisabled();
  if (usesReplacedSecret()) throw new SecretReplaced();
}
