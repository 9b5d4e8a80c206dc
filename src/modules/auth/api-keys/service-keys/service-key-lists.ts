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

/** 'compare': what the creator holds in the workspaces of the key decides. */
type Mark = boolean | null | 'compare';

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

  /**
   * Marks keys that allow more than their creator may currently do (docs/contract/keys.md#who-created-a-key), in a fixed
   * number of statements.
   */
  async listed(orgId: string, keys: readonly ScopedKey[]): Promise<ListedServiceKey[]> {
    if (keys.length === 0) return [];
    const named = await this.names.withNames(orgId, keys);
    const now = await this.clock.now();
    const marked = zip(keys, named).map(([key, names]) => {
      const mark = markOf(key, names.creator, now);
      return { names, mark, role: mark === 'compare' ? roleOf(key) : null };
    });
    const exceeding = await this.rights.find(
      orgId,
      marked.flatMap(({ role }) => role ?? []),
    );
    return marked.map(({ names, mark, role }) => ({
      ...names,
      exceedsCreator: mark === 'compare' ? role !== null && exceeding.has(role) : mark,
    }));
  }
}

function markOf(key: ScopedKey, creator: CredentialCreator | null, now: Date): Mark {
  const isExpired = key.expiresAt !== null && key.expiresAt <= now;
  const isActive = !isExpired && (key.isOrgWide || key.workspaceIds.length > 0);
  const mark = isBeyondCreator(key, creator, { isActive });
  if (isGone(creator) || key.isOrgWide) return mark; // it covers every workspace that will be created
  return mark && 'compare';
}

const roleOf = ({ createdByUserId, workspaceRoleId, workspaceIds }: ScopedKey): ComparedRole => ({
  userId: required(createdByUserId, 'created_by_user_id'),
  roleId: required(workspaceRoleId, 'workspace_role_id'),
  workspaceIds,
});
