import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../../common/access/principal.js';
import { required, zip } from '../../../../common/collections.js';
import { DatabaseClock } from '../../../../database/transactions/database-clock.js';
import { type ComparedRole, RightsBeyondUsers } from '../../../access/index.js';
import { WorkspacesService } from '../../../workspaces/index.js';
import { ApiKeysRepository, type ScopedKey } from '../core/api-keys.repository.js';
import { type CredentialCreator, isBeyondCreator, isGone } from '../core/credential-creators.read-model.js';
import { type NamedKey, NamedKeys } from '../core/named-keys.js';

/** `exceedsCreator`: the key allows more than its creator may currently do; null if the creator is unknown. */
export type ListedServiceKey = NamedKey & { exceedsCreator: boolean | null };

/** Newest first. */
@Injectable()
export class ServiceKeyLists {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly workspaces: WorkspacesService,
    private readonly names: NamedKeys,
    private readonly rights: RightsBeyondUsers,
    private readonly clock: DatabaseClock,
  ) {}

  /** `workspaceIds`: the keys that reach one of these workspaces; none: all keys. */
  async list({ orgId }: OrgPrincipal, workspaceIds: readonly string[]): Promise<ListedServiceKey[]> {
    const keys = await this.keys.listServiceKeys(orgId);
    if (workspaceIds.length === 0) return this.listed(orgId, keys);
    const wanted = await this.workspaces.findByIds(orgId, workspaceIds);
    const reaches = (key: ScopedKey) =>
      key.isOrgWide ? wanted.size > 0 : key.workspaceIds.some((id) => wanted.has(id));
    return this.listed(orgId, keys.filter(reaches));
  }

  async listInWorkspace({ orgId, workspaceId }: WorkspacePrincipal): Promise<ListedServiceKey[]> {
    return this.listed(orgId, await this.keys.listServiceKeysIn(orgId, workspaceId));
  }

  /** In a fixed number of statements (docs/contract/keys.md#who-created-a-key). */
  async listed(orgId: string, keys: readonly ScopedKey[]): Promise<ListedServiceKey[]> {
    if (keys.length === 0) return [];
    const named = await this.names.withNames(orgId, keys);
    const now = await this.clock.now();
    const marks = zip(keys, named).map(([key, { creator }]) => markOf(key, creator, now));
    const exceeding = await this.rights.find(orgId, marks.filter(isRole));
    return zip(named, marks).map(([names, mark]) => ({
      ...names,
      exceedsCreator: isRole(mark) ? exceeding.has(mark) : mark,
    }));
  }
}

/** A role, if what the creator holds in the workspaces of the key decides. */
function markOf(key: ScopedKey, creator: CredentialCreator | null, now: Date): boolean | null | ComparedRole {
  const isExpired = key.expiresAt !== null && key.expiresAt <= now;
  const isActive = !isExpired && (key.isOrgWide || key.workspaceIds.length > 0);
  const mark = isBeyondCreator(key, creator, { isActive });
  if (isGone(creator) || key.isOrgWide) return mark; // it covers every workspace that will be created
  return mark && roleOf(key);
}

const isRole = (mark: ReturnType<typeof markOf>): mark is ComparedRole =>
  typeof mark === 'object' && mark !== null;

const roleOf = ({ createdByUserId, workspaceRoleId, workspaceIds }: ScopedKey): ComparedRole => ({
  userId: required(createdByUserId, 'created_by_user_id'),
  roleId: required(workspaceRoleId, 'workspace_role_id'),
  workspaceIds,
});
