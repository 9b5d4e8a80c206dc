import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { zip } from '../../../common/collections.js';
import { type Actor, type AuditDetails, AuditTrail } from '../../audit/index.js';
import { type GroupBinding, idleReasonOf } from './group-binding.js';
import type { MemberDelta } from './group-edit.js';
import type { ScimGroup } from './entities.js';

type Operation = 'create_scim_group' | 'update_scim_group' | 'delete_scim_group';
type Outcome = {
  readonly binding: GroupBinding;
  /** A user group follows it, so a name that grants nothing is no mistake. */
  readonly isFollowed: boolean;
  readonly memberDelta: MemberDelta;
  /** The request replaced the group and had no `members`. */
  readonly isMembersListAbsent?: boolean;
  readonly rolesChanged: number;
  readonly changed?: readonly string[];
  /** The id of the entry, which memberships that the change created refer to. */
  readonly entryId: string;
};

const MAX_IDS = 100; // member ids in one entry; the entry always has the total count

/** Audit entries of groups, with the reason if a group grants nothing. Group names are not recorded. */
@Injectable()
export class GroupAudit {
  constructor(private readonly audit: AuditTrail) {}

  /** One entry per request. */
  async record(
    principal: ScimPrincipal,
    operation: Operation,
    groupId: string,
    outcome: Outcome,
  ): Promise<void> {
    const { binding, isFollowed, memberDelta, isMembersListAbsent, rolesChanged, changed, entryId } = outcome;
    const members = [...new Set([...memberDelta.added, ...memberDelta.removed])].slice(0, MAX_IDS);
    await this.audit.record(principal, operation, [groupId, ...members], {
      details: {
        ...bindingDetails(binding, isFollowed),
        ...(changed ? { changed: [...changed] } : {}),
        members_added: memberDelta.added.length,
        members_removed: memberDelta.removed.length,
        ...(isMembersListAbsent ? { members_removed_by_absent_list: memberDelta.removed.length } : {}),
        roles_changed: rolesChanged,
      },
      entryId,
    });
  }

  /** One entry per group whose binding changed; the actor is who changed the workspace, role or setting behind it. */
  async recordRebound(
    actor: Actor,
    groups: readonly (ScimGroup & { isFollowed: boolean })[],
    entryIds: readonly string[],
  ): Promise<void> {
    await this.audit.recordAll(
      zip(groups, entryIds).map(([group, entryId]) => ({
        actor: actor,
        operation: 'update_scim_group',
        resourceIds: [group.id],
        scope: {
          orgId: group.orgId,
          details: { ...bindingDetails(group, group.isFollowed), changed: ['binding'] },
          entryId,
        },
      })),
    );
  }
}

function bindingDetails(binding: GroupBinding, isFollowed: boolean): AuditDetails {
  const reason = isFollowed ? null : idleReasonOf(binding);
  return {
    group: binding.kind,
    ...(binding.orgRole ? { org_role: binding.orgRole } : {}),
    ...(binding.workspaceId ? { workspace_id: binding.workspaceId, role_id: binding.roleId } : {}),
    ...(reason ? { grants_nothing: reason } : {}),
  };
}
