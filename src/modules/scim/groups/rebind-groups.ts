import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import { OrgsService } from '../../orgs/index.js';
import { RoleNamed } from '../../rbac/index.js';
import { GroupSeparatorSet } from '../../settings/index.js';
import { WorkspaceDeleted, WorkspaceNamed } from '../../workspaces/index.js';
import { ApplyGroupRoles } from './apply-group-roles.js';
import { GroupNames, sameBinding } from './group-binding.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/**
 * Reads the names of groups that give nothing again when something gets a name that they may mean, and of those whose
 * workspace has gone. Groups that give something stay bound to it. In the transaction of the change, whose caller holds
 * the roster lock.
 */
@Injectable()
export class RebindGroups implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly orgs: OrgsService,
    private readonly groups: ScimGroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly names: GroupNames,
    private readonly roles: ApplyGroupRoles,
  ) {}

  onModuleInit(): void {
    for (const event of [WorkspaceNamed, RoleNamed, GroupSeparatorSet, WorkspaceDeleted])
      this.events.on<{ orgId: string }>(event, ({ orgId }) => this.run(orgId));
  }

  private async run(orgId: string): Promise<void> {
    const idle = await this.groups.listIdle(orgId);
    if (idle.length === 0) return;
    const org = await this.orgs.get(orgId);
    const bindings = await this.names.read(
      org,
      idle.map(({ displayName }) => displayName),
    );
    const rebound = idle
      .map((group, index) => ({ before: group, after: { ...group, ...bindings[index]! } }))
      .filter(({ before, after }) => !sameBinding(before, after));
    for (const { after } of rebound) await this.groups.update(after);
    const members = await this.members.listMembers(
      orgId,
      rebound.map(({ after }) => after.id),
    );
    await this.roles.run(orgId, members);
  }
}
