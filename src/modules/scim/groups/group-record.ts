import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { AuditTrail } from '../../audit/index.js';
import type { GroupBinding } from './group-binding.js';
import { idleReasonOf } from './idle-reason.js';
import type { MovedMembers } from './move-members.js';

type Operation = 'create_scim_group' | 'update_scim_group' | 'delete_scim_group';
type Outcome = {
  readonly binding: GroupBinding;
  readonly moved: MovedMembers;
  readonly rolesChanged: number;
  readonly changed?: readonly string[];
};

const MOST_IDS = 100; // of members, in one entry; how many there were is said in any case

/** One entry per request: what became of the group, and why it gives nothing if so. Its name stays out of the log. */
@Injectable()
export class GroupRecord {
  constructor(private readonly audit: AuditTrail) {}

  async write(
    principal: ScimPrincipal,
    operation: Operation,
    groupId: string,
    outcome: Outcome,
  ): Promise<void> {
    const { binding, moved, rolesChanged, changed } = outcome;
    const reason = idleReasonOf(binding);
    const members = [...new Set([...moved.added, ...moved.removed])].slice(0, MOST_IDS);
    await this.audit.record(principal, operation, [groupId, ...members], {
      details: {
        group: binding.kind,
        ...(binding.orgRole ? { org_role: binding.orgRole } : {}),
        ...(binding.workspaceId ? { workspace_id: binding.workspaceId, role_id: binding.roleId } : {}),
        ...(reason ? { grants_nothing: reason } : {}),
        ...(changed ? { changed: [...changed] } : {}),
        members_added: moved.added.length,
        members_removed: moved.removed.length,
        roles_changed: rolesChanged,
      },
    });
  }
}
