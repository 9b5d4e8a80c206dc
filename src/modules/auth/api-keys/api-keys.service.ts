import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Config } from '../../../config/config.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { type Org, OrgsService } from '../../orgs/index.js';
import { WorkspacesService } from '../../workspaces/index.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyNotFound } from './api-keys.errors.js';
import { ApiKeysRepository, type ScopedKey } from './api-keys.repository.js';
import { issueKey, type KeyFields } from './issue-key.js';
import { keyExpiry } from './key-expiry.js';

/** `workspaceNames`: null for a key that is not limited to workspaces. */
export type NamedKey = { key: ApiKey; workspaceNames: string[] | null; defaultWorkspaceName: string | null };
export type NewKey = NamedKey & { secret: string };

/** `expiresAt` is a wish; the organization's limits decide. */
export type KeyDesign = Omit<KeyFields, 'orgId' | 'createdByUserId'> & { workspaceIds: string[] };

export type KeyCreation = 'create_personal_access_token' | 'create_service_key' | 'create_api_key';
export type KeyDeletion = 'delete_personal_access_token' | 'delete_service_key' | 'delete_api_key';

/** What all keys have in common. Who may make or delete which key is decided by the two services above this one. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly orgs: OrgsService,
    private readonly workspaces: WorkspacesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  async issue(principal: OrgPrincipal, operation: KeyCreation, design: KeyDesign): Promise<NewKey> {
    const { orgId, userId: createdByUserId } = principal;
    const { workspaceIds, ...fields } = design;
    const expiresAt = keyExpiry(
      fields.expiresAt,
      limitsOf(await this.orgs.get(orgId), design.kind),
      new Date(),
    );
    const { key, secret } = issueKey(this.config.apiKeys.salt, {
      ...fields,
      orgId,
      createdByUserId,
      expiresAt,
    });
    await this.transaction.run(async () => {
      await this.keys.insert({ key, workspaceIds });
      await this.audit.record(principal, operation, [key.id]);
    });
    const [named] = await this.name(orgId, [{ key, workspaceIds }]);
    return { ...named!, secret };
  }

  /** The key as it was. From the next request on it is void on every replica. */
  async revoke(principal: OrgPrincipal, operation: KeyDeletion, scoped: ScopedKey): Promise<NamedKey> {
    const [named] = await this.name(principal.orgId, [scoped]);
    await this.transaction.run(async () => {
      if (!(await this.keys.remove(principal.orgId, scoped.key.id))) throw new ApiKeyNotFound();
      await this.audit.record(principal, operation, [scoped.key.id]);
    });
    return named!;
  }

  /** With the names of their workspaces: two queries at most, however many keys. Tokens are all of one person. */
  async name(orgId: string, scoped: readonly ScopedKey[]): Promise<NamedKey[]> {
    const ids = scoped.flatMap(({ key, workspaceIds }) => [...workspaceIds, key.defaultWorkspaceId]);
    const found = await this.workspaces.findByIds(orgId, [...new Set(ids.filter((id) => id !== null))]);
    const first = await this.firstWorkspaceName(orgId, scoped);
    const nameOf = (id: string | null) => (id && found.get(id)?.displayName) || null;
    return scoped.map(({ key, workspaceIds }) => ({
      key,
      workspaceNames: isLimited(key) ? workspaceIds.map(nameOf).filter((name) => name !== null) : null,
      defaultWorkspaceName: nameOf(key.defaultWorkspaceId) ?? (key.kind === 'pat' ? first : null),
    }));
  }

  /** For tokens without a default workspace, which act in the first that their owner may see. */
  private async firstWorkspaceName(orgId: string, scoped: readonly ScopedKey[]): Promise<string | null> {
    const owner = scoped.find(({ key }) => key.defaultWorkspaceId === null)?.key.userId;
    return owner ? this.keys.findFirstWorkspaceName(orgId, owner) : null;
  }
}

const isLimited = (key: ApiKey) => key.kind === 'service' && !key.isOrgWide;

const limitsOf = (org: Org, kind: ApiKey['kind']) => [
  org.maxApiKeyExpiryDays,
  kind === 'pat' ? org.maxPatExpiryDays : org.maxServiceKeyExpiryDays,
];
