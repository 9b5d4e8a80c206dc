import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { type RoleReference, RolesService } from '../../roles/index.js';
import { required } from '../../../common/required.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import { singleRowLoc } from '../core/row-location.js';
import { inviteRefusal } from '../rights/invite-refusal.errors.js';
import { InviteContextLoader } from '../rights/invite-context-loader.js';
import { emptyRow, grantProblems, type InviteRights } from '../rights/invite-rights.js';
import { assertManageable, assertNotAbove } from './invitations.service.js';

/** Changes the roles of a pending invitation, within the rights of the caller; all else stays. */
@Injectable()
export class AmendInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly contexts: InviteContextLoader,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
    private readonly audit: AuditTrail,
  ) {}

  /** Changes the organization role. */
  run(principal: OrgPrincipal, rights: InviteRights, invitationId: string, role: RoleReference) {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const invitation = await this.invitations.findPending(orgId, invitationId);
      assertManageable(principal, invitation);
      const orgRoleId = required(await this.roles.resolve(orgId, role, 'organization'), 'the role');
      const requested = { ...emptyRow(invitation.email), orgRoleId };
      const { facts } = await this.contexts.load(principal, [requested], {
        rights,
        fromWorkspaceId: null,
        addsMembers: false,
      });
      const problems = grantProblems(requested, [], facts); // the person is already invited
      if (problems.length > 0)
        throw inviteRefusal(
          problems.map((problem) => ({ ...problem, row: 0 })),
          { locate: singleRowLoc, malformed: [] },
        );
      await this.invitations.changeOrgRole(orgId, invitationId, orgRoleId);
      await this.audit.record(principal, 'update_org_pending_member', [invitationId]);
    });
  }

  /** Changes the role in this workspace only. */
  inWorkspace(principal: WorkspacePrincipal, invitationId: string, role: RoleReference): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const grant = await this.invitations.getPendingGrant(principal, invitationId);
      assertNotAbove(principal, grant);
      const roleId = required(await this.roles.resolve(orgId, role, 'workspace'), 'the role');
      await this.roles.get(orgId, roleId, 'workspace');
      const subject = { roleId: grant.roleId, name: grant.email };
      await this.limits.assertWithin(principal, [{ subject, workspaceId, roleId }]);
      await this.invitations.setGrants(orgId, [{ id: invitationId, grants: [{ workspaceId, roleId }] }]);
      await this.audit.record(principal, 'update_workspace_pending_member', [invitationId]);
    });
  }
}
