import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { unique } from '../../../common/collections.js';
import { newId, newIds } from '../../../database/new-id.js';
import type { Actor } from '../../audit/index.js';
import { createdBy, type Provenance } from '../../members/index.js';
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

  updateMembers(
    group: ScimGroup,
    changes: readonly MemberChange[],
    provenance: Provenance,
  ): Promise<MemberDelta> {
    return this.members.run(group, changes, provenance);
  }

  async afterCreate(
    principal: ScimPrincipal,
    group: ScimGroup,
    changes: readonly MemberChange[],
  ): Promise<void> {
    const provenance = createdByGroup(principal);
    const memberDelta = await this.members.run(group, changes, provenance);
    const rolesChanged = await this.roles.run(principal, group.orgId, memberDelta.added, provenance);
    await this.audit.record(principal, 'create_scim_group', group.id, {
      binding: group,
      memberDelta,
      rolesChanged,
      entryId: provenance.auditEntryId,
    });
  }

  /**
   * Updates the roles of added and removed members, or of all members if the group's grant changed. `provenance` is that
   * of the members whom `updateMembers` added.
   */
  async afterChange(
    principal: ScimPrincipal,
    group: ScimGroup,
    {
      memberDelta,
      changed,
      isRebound,
      provenance,
    }: {
      memberDelta: MemberDelta;
      changed: readonly string[];
      isRebound: boolean;
      provenance: Provenance;
    },
  ): Promise<void> {
    const allMembers = isRebound ? await this.groupMembers.listMembers(group.orgId, [group.id]) : [];
    const rolesChanged = await this.roles.run(
      principal,
      group.orgId,
      unique([...allMembers, ...memberDelta.added, ...memberDelta.removed]),
      provenance,
    );
    const entryId = provenance.auditEntryId;
    const outcome = { binding: group, memberDelta, rolesChanged, changed, entryId };
    await this.audit.record(principal, 'update_scim_group', group.id, outcome);
  }

  /**
   * For groups whose binding changed while their members stayed the same. There is one audit entry per group, all with
   * the same actor; new memberships refer to the first.
   */
  async afterRebind(actor: Actor, orgId: string, groups: readonly ScimGroup[]): Promise<void> {
    const members = await this.groupMembers.listMembers(
      orgId,
      groups.map(({ id }) => id),
    );
    const entryIds = newIds(groups);
    await this.roles.run(null, orgId, members, createdBy(actor, 'scim_group', entryIds[0]!));
    await this.audit.recordRebound(actor, groups, entryIds);
  }

  /** `members`: the members before the removal. */
  async afterRemove(principal: ScimPrincipal, group: ScimGroup, members: readonly string[]): Promise<void> {
    const provenance = createdByGroup(principal);
    const rolesChanged = await this.roles.run(principal, group.orgId, members, provenance);
    const memberDelta = { ...NO_MEMBERS, removed: members };
    await this.audit.record(principal, 'delete_scim_group', group.id, {
      binding: group,
      memberDelta,
      rolesChanged,
      entryId: provenance.auditEntryId,
    });
  }
}

/** For a change by a SCIM request, whose audit entry gets the id in it. */
export const createdByGroup = (principal: ScimPrincipal): Provenance =>
  createdBy(principal, 'scim_group', newId());
