import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { first } from '../../../../common/collections.js';
import { Config } from '../../../../config/config.js';
import { newId } from '../../../../database/new-id.js';
import { AuditTrail } from '../../../audit/index.js';
import { type Org, OrgsService } from '../../../orgs/index.js';
import { type Workspace, WorkspacesService } from '../../../workspaces/index.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyNotFound, PatCreationDisabledByOrg } from './api-keys.errors.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { assertMayCreateKeys } from './key-creation-rule.js';
import { KeyTerms, type Terms } from './key-terms.js';
import { type MintedKey, mintKey } from './mint-key.js';

/**
 * `workspaceNames`: null if the key is not limited to workspaces. `createdBy`: the e-mail of the user who created the
 * key; null if unknown or no longer a member.
 */
export type NamedKey = {
  key: ApiKey;
  workspaceNames: string[] | null;
  defaultWorkspaceName: string | null;
  createdBy: string | null;
};
export type NewKey = NamedKey & { secret: string };

/** `expiresAt` is the requested expiry; the organization's limits apply. */
export type ApiKeyInput = Omit<ApiKey, GeneratedField> & { expiresAt: Date | null; workspaceIds: string[] };
type GeneratedField = keyof MintedKey['stored'] | keyof Terms | 'id' | 'orgId' | 'revokedAt' | 'lastUsedAt';

export type KeyCreation = 'create_personal_access_token' | 'create_service_key' | 'create_api_key';
export type KeyDeletion = 'delete_personal_access_token' | 'delete_service_key' | 'delete_api_key';

/**
 * The common part of all keys, including the organization's key settings. Authorization is the job of the two services
 * on top of this one, which hold the roster lock.
 */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly terms: KeyTerms,
    private readonly orgs: OrgsService,
    private readonly workspaces: WorkspacesService,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Called before the transaction: key generation and hashing must not hold a lock. */
  mint(kind: ApiKey['kind']): MintedKey {
    return mintKey(this.config.apiKeys.salt, kind);
  }

  /**
   * Runs in the transaction of the caller.
   *
   * @throws KeyCreationByKeysDisabled, InvalidExpiry, PatCreationDisabledByOrg or InvalidCredential
   */
  async issue(
    principal: OrgPrincipal,
    operation: KeyCreation,
    { secret, stored }: MintedKey,
    input: ApiKeyInput,
  ): Promise<NewKey> {
    const { orgId } = principal;
    const { workspaceIds, ...fields } = input;
    const org = await this.orgs.get(orgId);
    assertMayCreateKeys(principal, org);
    if (stored.kind === 'pat' && org.patCreationDisabled) throw new PatCreationDisabledByOrg();
    const terms = await this.terms.resolve(principal, {
      kind: stored.kind,
      requested: fields.expiresAt,
      days: limitsOf(org, stored.kind),
    });
    const key: ApiKey = {
      ...fields,
      ...stored,
      ...terms,
      id: newId(),
      orgId,
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.keys.insert({ key, workspaceIds });
    await this.audit.record(principal, operation, [key.id]);
    return { ...(await this.withName(orgId, { key, workspaceIds })), secret };
  }

  /** Returns the key as it was. Takes effect on every replica with the next request. */
  async revoke(principal: OrgPrincipal, operation: KeyDeletion, scoped: ScopedKey): Promise<NamedKey> {
    const named = await this.withName(principal.orgId, scoped);
    const ids = await this.keys.listFamily(principal.orgId, scoped.key.id);
    if (!(await this.keys.remove(principal.orgId, scoped.key.id))) throw new ApiKeyNotFound();
    await this.audit.record(principal, operation, ids, { resourceOwnerId: scoped.key.userId });
    return named;
  }

  async withName(orgId: string, scoped: ScopedKey): Promise<NamedKey> {
    return first(await this.withNames(orgId, [scoped]));
  }

  /** Adds the names of workspaces, oldest first, and of creators in at most three queries. */
  async withNames(orgId: string, scoped: readonly ScopedKey[]): Promise<NamedKey[]> {
    const ids = scoped.flatMap(({ key, workspaceIds }) => [...workspaceIds, key.defaultWorkspaceId]);
    const found = await this.workspaces.findByIds(orgId, [...new Set(ids.filter((id) => id !== null))]);
    const firstWorkspaces = await this.firstWorkspaceNames(orgId, scoped);
    const makers = scoped.flatMap(({ key }) => key.createdByUserId ?? []);
    const emails = await this.keys.findMemberEmails(orgId, [...new Set(makers)]);
    return scoped.map(({ key, workspaceIds }) => ({
      key,
      workspaceNames: isLimited(key) ? namesByAge(workspaceIds.flatMap((id) => found.get(id) ?? [])) : null,
      defaultWorkspaceName:
        found.get(key.defaultWorkspaceId ?? '')?.displayName ?? firstWorkspaces.get(key.userId ?? '') ?? null,
      createdBy: emails.get(key.createdByUserId ?? '') ?? null,
    }));
  }

  /** A token without a default workspace acts in the first workspace that its owner may see. */
  private firstWorkspaceNames(
    orgId: string,
    scoped: readonly ScopedKey[],
  ): Promise<ReadonlyMap<string, string>> {
    const owners = scoped.flatMap(({ key }) => (key.defaultWorkspaceId === null ? (key.userId ?? []) : []));
    return this.keys.findFirstWorkspaceNames(orgId, [...new Set(owners)]);
  }
}

const namesByAge = (workspaces: readonly Workspace[]): string[] =>
  workspaces
    .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(({ displayName }) => displayName);

const isLimited = (key: ApiKey) => key.kind === 'service' && !key.isOrgWide;

const limitsOf = (org: Org, kind: ApiKey['kind']) => [
  org.maxApiKeyExpiryDays,
  kind === 'pat' ? org.maxPatExpiryDays : org.maxServiceKeyExpiryDays,
];
