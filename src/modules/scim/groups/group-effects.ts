import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import type { Actor } from '../../audit/index.js';
import { ApplyGroupRoles } from './apply-group-roles.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupRecord } from './group-record.js';
import type { MemberChange } from './member-changes.js';
import { type MovedMembers, MoveMembers } from './move-members.js';
import type { ScimGroup } from './scim-group.entity.js';

const NOBODY: MovedMembers = { added: [], removed: [] };

/** What follows from a changed group: members, their roles, the entry in the log. Callers hold the roster lock. */
@Injectable()
export class GroupEffects {
  constructor(
    private readonly members: MoveMembers,
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ApplyGroupRoles,
    private readonly record: GroupRecord,
  ) {}

  move(group: ScimGroup, changes: readonly MemberChange[]): Promise<MovedMembers> {
    return this.members.run(group, changes);
  }

  async ofCreation(
    principal: ScimPrincipal,
    group: ScimGroup,
    changes: readonly MemberChange[],
  ): Promise<void> {
    const moved = await this.members.run(group, changes);
    const rolesChanged = await this.roles.run(principal, group.orgId, moved.added);
    await this.record.write(principal, 'create_scim_group', group.id, {
      binding: group,
      moved,
      rolesChanged,
    });
  }

  /** Only of those who moved, unless the group gives something else now. */
  async ofChange(
    principal: ScimPrincipal,
    group: ScimGroup,
    { moved, changed, isRebound }: { moved: MovedMembers; changed: readonly string[]; isRebound: boolean },
  ): Promise<void> {
    const all = isRebound ? await this.groupMembers.listMembers(group.orgId, [group.id]) : [];
    const rolesChanged = await this.roles.run(
      principal,
      group.orgId,
      unique([...all, ...moved.added, ...moved.removed]),
    );
    const outcome = { binding: group, moved, rolesChanged, changed };
    await this.record.write(principal, 'update_scim_group', group.id, outcome);
  }

  /** Nobody moved, but the names of these groups mean something else now. */
  async ofRebinding(by: Actor, orgId: string, groups: readonly ScimGroup[]): Promise<void> {
    const members = await this.groupMembers.listMembers(
      orgId,
      groups.map(({ id }) => id),
    );
    await this.roles.run(null, orgId, members);
    await this.record.writeRebound(by, groups);
  }

  /** `members`: who was in it. */
  async ofRemoval(principal: ScimPrincipal, group: ScimGroup, members: readonly string[]): Promise<void> {
    const rolesChanged = await this.roles.run(principal, group.orgId, members);
    const moved = { ...NOBODY, removed: members };
    await this.record.write(principal, 'delete_scim_group', group.id, {
      binding: group,
      moved,
      rolesChanged,
    });
  }
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
