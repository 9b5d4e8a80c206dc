import { Injectable } from '@nestjs/common';
import { type AccessChange, AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import type { Actor } from '../../audit/index.js';
import { ADMINISTRATIVE_ROLES, isOrdinaryRole, mayGrantOrgAdmin, systemRole } from '../../rbac/index.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { ScimGroup } from './entities.js';

/** Who changed a name that group names refer to: the caller, or bootstrap, which has no principal. */
export type NameChanger = Actor | OrgPrincipal;

/** Which groups a change of a name may not bind (docs/contract/scim.md#group-names). Callers hold the roster lock. */
@Injectable()
export class RebindLimits {
  constructor(
    private readonly members: GroupMembersRepository,
    private readonly limits: AccessLimits,
  ) {}

  /**
   * Ids of those that stay idle: groups of administrators or operators, groups with such members, and groups that give
   * more than whoever changed the name may give. Bootstrap is not compared.
   */
  async findRefused(
    orgId: string,
    by: NameChanger,
    granting: readonly ScimGroup[],
  ): Promise<ReadonlySet<string>> {
    const caller = 'orgRole' in by ? by : null;
    if (granting.length === 0 || (caller && mayGrantOrgAdmin(caller))) return new Set();
    const ids = granting.map(({ id }) => id);
    const withAdministrators = await this.members.findGroupsWithRoles(orgId, ids, ADMINISTRATIVE_ROLES);
    const refused = new Set([
      ...withAdministrators,
      ...granting.filter(isAdministrative).map(({ id }) => id),
    ]);
    const others = granting.filter(({ id }) => !refused.has(id));
    if (caller) for (const id of await this.findExceeding(caller, others)) refused.add(id);
    return refused;
  }

  /** Those whose role, or what their members get and lose with it, exceeds what the caller may give. */
  private async findExceeding(
    caller: OrgPrincipal,
    groups: readonly ScimGroup[],
  ): Promise<readonly string[]> {
    const ids = groups.map(({ id }) => id);
    const userIds = Map.groupBy(await this.members.listAccounts(caller.orgId, ids), ({ groupId }) => groupId);
    const changes = new Map(groups.map((group) => [group.id, changesBy(group, userIds.get(group.id) ?? [])]));
    const excessOf = await this.limits.load(caller, [...changes.values()].flat());
    return ids.filter((id) => changes.get(id)?.some((change) => excessOf(change) !== null));
  }
}

const isAdministrative = ({ kind, orgRole }: ScimGroup): boolean =>
  kind === 'admin' || (orgRole !== null && !isOrdinaryRole(systemRole(orgRole).id));

/** For the members and for whoever joins the group later. */
function changesBy(
  { displayName, workspaceId, roleId }: ScimGroup,
  members: readonly { readonly userId: string }[],
): AccessChange[] {
  if (workspaceId === null || roleId === null) return [];
  const subjects = [
    { roleId: null, name: displayName },
    ...members.map(({ userId }) => ({ memberId: userId })),
  ];
  return subjects.map((subject) => ({ subject, workspaceId, roleId }));
}
