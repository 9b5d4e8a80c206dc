import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import type { Actor } from '../../audit/index.js';
import { ApplyGroupRoles } from './apply-group-roles.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { GroupAudit } from './group-audit.js';
import type { MemberChange } from './member-changes.js';
import { type MemberDelta, UpdateGroupMembers } from './update-group-members.js';
import type { ScimGroup } from './scim-group.entity.js';

const NO_MEMBERS: MemberDelta = { added: [], removed: [] };

/** Effects of a changed group: its members, their roles, the audit entry. Callers hold the roster lock. */
@Injectable()
export class GroupEffects {
  constructor(
    private readonly members: UpdateGroupMembers,
    private readonly groupMembers: GroupMembersRepository,
    private readonly roles: ApplyGroupRoles,
    private readonly audit: GroupAudit,
  ) {}

  updateMembers(group: ScimGroup, changes: readonly MemberChange[]): Promise<MemberDelta> {
    return this.members.run(group, changes);
  }

  async afterCreate(
    principal: ScimPrincipal,
    group: ScimGroup,
    changes: readonly MemberChange[],
  ): Promise<void> {
    const memberDelta = await this.members.run(group, changes);
    const rolesChanged = await this.roles.run(principal, group.orgId, memberDelta.added);
    await this.audit.record(principal, 'create_scim_group', group.id, {
      binding: group,
      memberDelta,
      rolesChanged,
    });
  }

  /** Updates the roles of added and removed members, or of all members if the group's grant changed. */
  async afterChange(
    principal: ScimPrincipal,
    group: ScimGroup,
    {
      memberDelta,
      changed,
      isRebound,
    }: { memberDelta: MemberDelta; changed: readonly string[]; isRebound: boolean },
  ): Promise<void> {
    const allMembers = isRebound ? await this.groupMembers.listMembers(group.orgId, [group.id]) : [];
    const rolesChanged = await this.roles.run(
      principal,
      group.orgId,
      unique([...allMembers, ...memberDelta.added, ...memberDelta.removed]),
    );
    const outcome = { binding: group, memberDelta, rolesChanged, changed };
    await this.audit.record(principal, 'update_scim_group', group.id, outcome);
  }

  /** For groups whose binding changed while their members stayed the same. */
  async afterRebind(actor: Actor, orgId: string, groups: readonly ScimGroup[]): Promise<void> {
    const members = await this.groupMembers.listMembers(
      orgId,
      groups.map(({ id }) => id),
    );
    await this.roles.run(null, orgId, members);
    await this.audit.recordRebound(actor, groups);
  }

  /** `members`: the members before the removal. */
  async afterRemove(principal: ScimPrincipal, group: ScimGroup, members: readonly string[]): Promise<void> {
    const rolesChanged = await this.roles.run(principal, group.orgId, members);
    const memberDelta = { ...NO_MEMBERS, removed: members };
    await this.audit.record(principal, 'delete_scim_group', group.id, {
      binding: group,
      memberDelta,
      rolesChanged,
    });
  }
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
