import { Injectable, type OnModuleInit } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import { EventBus } from '../../../common/events/event-bus.js';
import { RoleNameChanged } from '../../rbac/index.js';
import { GroupSeparatorChanged } from '../../settings/index.js';
import { WorkspaceDeleted, WorkspaceNameChanged } from '../../workspaces/index.js';
import { bindingWithoutRole, grantsRoles, sameBinding } from './group-binding.js';
import { GroupNameBinder } from './group-name-binder.js';
import { GroupEffects } from './group-effects.js';
import { type NameChanger, RebindLimits } from './rebind-limits.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** A name that group names may refer to was added, changed or removed. */
type NameChange = { readonly orgId: string; readonly actor: NameChanger };

/**
 * Resolves idle groups again after a name was added, and groups whose workspace was deleted. Bound groups stay bound.
 * A group written by an operator's token stays idle (docs/contract/scim.md#tokens), and so does one that would give more
 * than whoever changed the name may give. Runs in the transaction of the change, with the roster lock held.
 */
@Injectable()
export class RebindGroups implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly groups: ScimGroupsRepository,
    private readonly names: GroupNameBinder,
    private readonly limits: RebindLimits,
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
    const refused = await this.limits.findRefused(orgId, actor, resolved.filter(grantsRoles));
    const bindingBefore = new Map(idle.map((group) => [group.id, group]));
    const rebound = resolved
      .map((group) => (refused.has(group.id) ? { ...group, ...bindingWithoutRole('unconfirmed') } : group))
      .filter((group) => !sameBinding(getOrThrow(bindingBefore, group.id), group));
    if (rebound.length === 0) return;
    await this.groups.bind(orgId, rebound);
    await this.effects.afterRebind(actor, orgId, rebound);
  }
}
