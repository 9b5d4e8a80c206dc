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
import { grantsRoles, sameBinding } from './group-binding.js';
import { GroupNameBinder } from './group-name-binder.js';
import { GroupEffects } from './group-effects.js';
import { GroupMembersRepository } from './group-members.repository.js';
import type { ScimGroup } from './scim-group.entity.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** A name that group names may refer to was added, changed or removed. */
type NameChange = { readonly orgId: string; readonly actor: Actor | Principal };

/**
 * Resolves idle groups again after a name was added, and groups whose workspace was deleted. Bound groups stay bound.
 * A group written by an operator's token stays idle (docs/contract/scim.md#tokens); bindings of admins and operators
 * change only if an admin changes the name. Runs in the transaction of the change, with the roster lock held.
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
    const bindingOf = await this.names.load(orgId);
    const rebound = idle.flatMap((group) => {
      const binding = bindingOf(group.displayName);
      return sameBinding(group, binding) ? [] : [{ ...group, ...binding }];
    });
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
    const granting = isByAdmin ? [] : writable.filter(grantsRoles);
    if (granting.length === 0) return writable;
    const ids = granting.map(({ id }) => id);
    const withAdministrators = await this.members.findGroupsWithRoles(orgId, ids, ADMINISTRATIVE_ROLES);
    return writable.filter(
      (group) =>
        !granting.includes(group) || !(grantsAdministrativeRole(group) || withAdministrators.has(group.id)),
    );
  }
}

const grantsAdministrativeRole = ({ kind, orgRole }: ScimGroup): boolean =>
  kind === 'admin' || (orgRole !== null && !isOrdinaryRole(systemRole(orgRole).id));
