import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/events/event-bus.js';
import type { Actor } from '../../audit/index.js';
import {
  isOrdinaryRole,
  mayGrantOrgAdmin,
  ADMINISTRATIVE_ROLES,
  RoleNameChanged,
  systemRole,
} from '../../rbac/index.js';
import { GroupSeparatorChanged } from '../../settings/index.js';
import { WorkspaceDeleted, WorkspaceNameChanged } from '../../workspaces/index.js';
import { grantsRoles, GroupNameBinder, sameBinding } from './group-binding.js';
import { GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { ScimGroup } from './scim-group.entity.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** Something got a name that groups may mean, or is gone. */
type NameChange = { readonly orgId: string; readonly actor: Actor | Principal };

/**
 * Reads the names of groups that give nothing again when something gets a name that they may mean, and of those whose
 * workspace has gone. Groups that give something stay bound to it. A group that a token of an operator has written stays
 * idle (contract decision 51); admins and operators are made and unmade only if an admin gives the name. In the
 * transaction of the change, whose caller holds the roster lock.
 */
@Injectable()
export class RebindGroups implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly groups: ScimGroupsRepository,
    private readonly names: GroupNameBinder,
    private readonly members: GroupMembersRepository,
    private readonly effects: GroupEffects,
  ) {}

  onModuleInit(): void {
    for (const event of [WorkspaceNameChanged, RoleNameChanged, GroupSeparatorChanged, WorkspaceDeleted])
      this.events.on<NameChange>(event, (change) => this.run(change));
  }

  private async run({ orgId, actor }: NameChange): Promise<void> {
    const idle = await this.groups.listIdle(orgId);
    if (idle.length === 0) return;
    const bindings = await this.names.bind(
      orgId,
      idle.map(({ displayName }) => displayName),
    );
    const rebound = idle
      .map((group, index) => ({ ...group, ...bindings[index]! }))
      .filter((group, index) => !sameBinding(idle[index]!, group));
    const allowed = await this.filterAllowed(orgId, actor, rebound);
    if (allowed.length === 0) return;
    await this.groups.bind(orgId, allowed);
    await this.effects.afterRebind(actor, orgId, allowed);
  }

  private async filterAllowed<Group extends ScimGroup>(
    orgId: string,
    by: NameChange['actor'],
    groups: readonly Group[],
  ): Promise<Group[]> {
    const isByAdmin = 'orgRole' in by && mayGrantOrgAdmin(by);
    const writable = groups.filter((group) => !grantsRoles(group) || group.makesAdmins);
    const giving = isByAdmin ? [] : writable.filter(grantsRoles);
    if (giving.length === 0) return writable;
    const ids = giving.map(({ id }) => id);
    const withAdministrators = await this.members.findGroupsWithRoles(orgId, ids, ADMINISTRATIVE_ROLES);
    return writable.filter(
      (group) =>
        !giving.includes(group) || !(grantsAdministrativeRole(group) || withAdministrators.has(group.id)),
    );
  }
}

const grantsAdministrativeRole = ({ kind, orgRole }: ScimGroup): boolean =>
  kind === 'admin' || (orgRole !== null && !isOrdinaryRole(systemRole(orgRole).id));
