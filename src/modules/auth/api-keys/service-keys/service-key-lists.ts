import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../../common/access/principal.js';
import { required } from '../../../../common/required.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { type ComparedRole, RightsBeyondUsers } from '../../../access/index.js';
import { ORG_ADMIN_ID } from '../../../roles/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { type CredentialCreator, CredentialCreators } from '../core/credential-creators.read-model.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';

/** `exceedsCreator`: the key allows more than its creator may currently do; null if the creator is unknown. */
export type ListedServiceKey = NamedKey & { exceedsCreator: boolean | null };

/** By the id of the key; null: the creator is unknown. */
type Marks = ReadonlyMap<string, boolean | null>;
/** 'compare': what the creator holds in the workspaces of the key decides. */
type Mark = boolean | null | 'compare';

/** Newest first. */
@Injectable()
export class ServiceKeyLists {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly names: NamedKeys,
    private readonly creators: CredentialCreators,
    private readonly rights: RightsBeyondUsers,
    private readonly clock: DatabaseClock,
  ) {}

  /** `workspaceIds`: the keys that reach one of these workspaces; none: all keys. */
  async list({ orgId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<ListedServiceKey[]> {
    const keys = await this.keys.listServiceKeys(orgId);
    if (workspaceIds.length === 0) return this.listed(orgId, keys);
    const wanted = await this.workspaces.findByIds(orgId, workspaceIds);
    const reaches = ({ key, workspaceIds: own }: ScopedKey) =>
      key.isOrgWide ? wanted.size > 0 : own.some((id) => wanted.has(id));
    return this.listed(orgId, keys.filter(reaches));
  }

  async listInWorkspace({ orgId, workspaceId }: WorkspacePrincipal): Promise<ListedServiceKey[]> {
    return this.listed(orgId, await this.keys.listServiceKeysIn(orgId, workspaceId));
  }

  private async listed(orgId: string, keys: readonly ScopedKey[]): Promise<ListedServiceKey[]> {
    const named = await this.names.withNames(orgId, keys);
    const exceeding = await this.marksOf(orgId, keys);
    return named.map((key) => ({ ...key, exceedsCreator: exceeding.get(key.key.id) ?? null }));
  }

  /**
   * Whether keys allow more than their creator may currently do (docs/contract/keys.md#who-created-a-key), in a fixed
   * number of statements.
   */
  private async marksOf(orgId: string, keys: readonly ScopedKey[]): Promise<Marks> {
    if (keys.length === 0) return new Map();
    const creators = await this.creators.findOf(
      orgId,
      keys.map(({ key }) => key),
    );
    const now = await this.clock.now();
    const marks = keys.map((scoped) => {
      const mark = markOf(scoped, creators.get(scoped.key.createdByUserId ?? ''), now);
      return { id: scoped.key.id, mark, role: mark === 'compare' ? roleOf(scoped) : null };
    });
    const exceeding = await this.rights.find(
      orgId,
      marks.flatMap(({ role }) => role ?? []),
    );
    return new Map(
      marks.map(({ id, mark, role }) => [
        id,
        mark === 'compare' ? role !== null && exceeding.has(role) : mark,
      ]),
    );
  }
}

function markOf({ key, workspaceIds }: ScopedKey, creator: CredentialCreator | undefined, now: Date): Mark {
  if (key.createdByUserId === null) return null;
  const isExpired = key.expiresAt !== null && key.expiresAt <= now;
  if (isExpired || !(key.isOrgWide || workspaceIds.length > 0)) return false;
  if (!creator || creator.isDisabled) return true;
  if (creator.orgRoleId === ORG_ADMIN_ID) return false;
  return key.isOrgWide || 'compare'; // it covers every workspace that will be created
}

const roleOf = ({ key, workspaceIds }: ScopedKey): ComparedRole => ({
  userId: required(key.createdByUserId, 'created_by_user_id'),
  roleId: required(key.workspaceRoleId, 'workspace_role_id'),
  workspaceIds,
});
