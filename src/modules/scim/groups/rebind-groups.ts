import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Principal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
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
import { bindingWithoutRole, grantsRoles, sameBinding } from './group-binding.js';
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

  /** Ids of the groups that stay idle, since whoever changed the name may not give what they would grant. */
  private async findRefused(
    orgId: string,
    by: NameChange['actor'],
    granting: readonly ScimGroup[],
  ): Promise<ReadonlySet<string>> {
    const isByAdmin = 'orgRole' in by && mayGrantOrgAdmin(by);
    if (isByAdmin || granting.length === 0) return new Set();
    const ids = granting.map(({ id }) => id);
    const withAdministrators = await this.members.findGroupsWithRoles(orgId, ids, ADMINISTRATIVE_ROLES);
    const administrative = granting.filter(grantsAdministrativeRole).map(({ id }) => id);
    return new Set([...administrative, ...withAdministrators]);
  }
}

const grantsAdministrativeRole = ({ kind, orgRole }: ScimGroup): boolean =>
  kind === 'admin' || (orgRole !== null && !isOrdinaryRole(systemRole(orgRole).id));
