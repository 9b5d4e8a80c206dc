import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/events/event-bus.js';
import type { Actor } from '../../audit/index.js';
import { isOrdinaryRole, mayMakeOrgAdmins, RESERVED_ROLES, RoleNamed, systemRole } from '../../rbac/index.js';
import { GroupSeparatorSet } from '../../settings/index.js';
import { WorkspaceDeleted, WorkspaceNamed } from '../../workspaces/index.js';
import { gives, GroupNames, sameBinding } from './group-binding.js';
import { GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { ScimGroup } from './scim-group.entity.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** Something got a name that groups may mean, or is gone. */
type Renaming = { readonly orgId: string; readonly by: Actor | Principal };

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
    private readonly names: GroupNames,
    private readonly members: GroupMembersRepository,
    private readonly effects: GroupEffects,
  ) {}

  onModuleInit(): void {
    for (const event of [WorkspaceNamed, RoleNamed, GroupSeparatorSet, WorkspaceDeleted])
      this.events.on<Renaming>(event, (renaming) => this.run(renaming));
  }

  private async run({ orgId, by }: Renaming): Promise<void> {
    const idle = await this.groups.listIdle(orgId);
    if (idle.length === 0) return;
    const bindings = await this.names.read(
      orgId,
      idle.map(({ displayName }) => displayName),
    );
    const rebound = idle
      .map((group, index) => ({ ...group, ...bindings[index]! }))
      .filter((group, index) => !sameBinding(idle[index]!, group));
    const allowed = await this.allowed(orgId, by, rebound);
    if (allowed.length === 0) return;
    await this.groups.bind(orgId, allowed);
    await this.effects.ofRebinding(by, orgId, allowed);
  }

  private async allowed<Group extends ScimGroup>(
    orgId: string,
    by: Renaming['by'],
    groups: readonly Group[],
  ): Promise<Group[]> {
    const isByAdmin = 'orgRole' in by && mayMakeOrgAdmins(by);
    const writable = groups.filter((group) => !gives(group) || group.makesAdmins);
    const giving = isByAdmin ? [] : writable.filter(gives);
    if (giving.length === 0) return writable;
    const ids = giving.map(({ id }) => id);
    const holding = await this.members.findHolding(orgId, ids, RESERVED_ROLES);
    return writable.filter(
      (group) => !giving.includes(group) || !(givesReserved(group) || holding.has(group.id)),
    );
  }
}

const givesReserved = ({ kind, orgRole }: ScimGroup): boolean =>
  kind === 'admin' || (orgRole !== null && !isOrdinaryRole(systemRole(orgRole).id));
