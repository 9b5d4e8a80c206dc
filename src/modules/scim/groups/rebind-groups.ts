import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../../common/access/access-limits.js';
import { getOrThrow } from '../../../common/collections.js';
import { EventBus } from '../../../common/event-bus.js';
import { isOrdinaryRole, mayGrantOrgAdmin, systemRole } from '../../roles/index.js';
import { type NameChange, onNameChange } from '../roles/reread-roles.js';
import type { ScimGroup } from './entities.js';
import { GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { bindingWithoutRole, grantsRoles, GroupNames, sameBinding } from './group-names.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/**
 * Resolves idle groups again after a name was added, and groups whose workspace was deleted. A group written by an operator's token
 * stays idle (docs/contract/scim.md#tokens), and so does one that would give more than the caller who changed the name may give.
 * Runs in the transaction of the change, with the roster lock held.
 */
@Injectable()
export class RebindGroups implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly groups: ScimGroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly names: GroupNames,
    private readonly limits: AccessLimits,
    private readonly effects: GroupEffects,
  ) {}

  onModuleInit(): void {
    onNameChange(this.events, (change) => this.run(change));
  }

  private async run({ orgId, actor }: NameChange): Promise<void> {
    const idle = await this.groups.listIdle(orgId);
    if (idle.length === 0) return;
    const bindingOf = await this.names.load(orgId);
    const resolved = idle
      .map((group) => ({ ...group, ...bindingOf(group.displayName) }))
      .filter((group) => !grantsRoles(group) || group.makesAdmins);
    const refused = await this.findRefused(orgId, actor, resolved.filter(grantsRoles));
    const bindingBefore = new Map(idle.map((group) => [group.id, group]));
    const rebound = resolved
      .map((group) => (refused.has(group.id) ? { ...group, ...bindingWithoutRole('unconfirmed') } : group))
      .filter((group) => !sameBinding(getOrThrow(bindingBefore, group.id), group));
    if (rebound.length === 0) return;
    await this.groups.bind(orgId, rebound);
    await this.effects.afterRebind(actor, orgId, rebound);
  }

  /**
   * Ids of groups of admins or operators, of groups with such members, and of those that give more than the caller may give; all of
   * them if the rights of the caller end. Bootstrap is not compared.
   */
  private async findRefused(
    orgId: string,
    by: NameChange['actor'],
    granting: readonly ScimGroup[],
  ): Promise<ReadonlySet<string>> {
    const caller = 'orgRole' in by ? by : null;
    const ids = granting.map(({ id }) => id);
    if (caller && ids.length > 0 && (await this.limits.isTemporary(caller))) return new Set(ids);
    if (ids.length === 0 || (caller && mayGrantOrgAdmin(caller))) return new Set();
    const membersByGroup = Map.groupBy(await this.members.listAccounts(orgId, ids), ({ groupId }) => groupId);
    const groups = granting.map((group) => {
      const members = membersByGroup.get(group.id) ?? [];
      return { id: group.id, isOrdinary: isOrdinary(group, members), changes: changesBy(group, members) };
    });
    const all = groups.flatMap(({ changes }) => changes);
    const excessOf = caller ? await this.limits.load(caller, all) : () => null;
    const refused = groups.filter((group) => !group.isOrdinary || group.changes.some((one) => excessOf(one)));
    return new Set(refused.map(({ id }) => id));
  }
}

type Member = { readonly userId: string; readonly roleId: string };

const isOrdinary = ({ kind, orgRole }: ScimGroup, members: readonly Member[]): boolean =>
  kind !== 'admin' &&
  (orgRole === null || isOrdinaryRole(systemRole(orgRole).id)) &&
  members.every(({ roleId }) => isOrdinaryRole(roleId));

/** For the members, and for a user who joins the group later. */
function changesBy(
  { displayName, workspaceId, roleId }: ScimGroup,
  members: readonly Member[],
): RightsChange[] {
  if (workspaceId === null || roleId === null) return [];
  const subjects = [
    { roleId: null, name: displayName },
    ...members.map(({ userId }) => ({ memberId: userId })),
  ];
  return subjects.map((subject) => ({ subject, workspaceId, roleId }));
}
