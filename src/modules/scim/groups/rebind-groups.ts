import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../../../common/events/event-bus.js';
import type { Actor } from '../../audit/index.js';
import { OrgsService } from '../../orgs/index.js';
import { RoleNamed } from '../../rbac/index.js';
import { GroupSeparatorSet } from '../../settings/index.js';
import { WorkspaceDeleted, WorkspaceNamed } from '../../workspaces/index.js';
import { GroupNames, sameBinding } from './group-binding.js';
import { GroupEffects } from './group-effects.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** Something got a name that groups may mean, or is gone. */
type Renaming = { readonly orgId: string; readonly by: Actor };

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
    private readonly names: GroupNames,
    private readonly effects: GroupEffects,
  ) {}

  onModuleInit(): void {
    for (const event of [WorkspaceNamed, RoleNamed, GroupSeparatorSet, WorkspaceDeleted])
      this.events.on<Renaming>(event, (renaming) => this.run(renaming));
  }

  private async run({ orgId, by }: Renaming): Promise<void> {
    const idle = await this.groups.listIdle(orgId);
    if (idle.length === 0) return;
    const org = await this.orgs.get(orgId);
    const bindings = await this.names.read(
      org,
      idle.map(({ displayName }) => displayName),
    );
    const rebound = idle
      .map((group, index) => ({ ...group, ...bindings[index]! }))
      .filter((group, index) => !sameBinding(idle[index]!, group));
    if (rebound.length === 0) return;
    await this.groups.bind(orgId, rebound);
    await this.effects.ofRebinding(by, orgId, rebound);
  }
}
