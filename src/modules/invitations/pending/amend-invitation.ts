import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { type RoleReference, RolesService } from '../../rbac/index.js';
import { required } from '../../../common/required.js';
import { type AmendmentInput, planAmendment } from './invitation-amendment.js';
import { WorkspaceInvitationRequiresWorkspace } from '../core/invitations.errors.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import { singleRowLoc } from '../core/row-location.js';
import { inviteRefusal } from '../rights/invite-refusal.errors.js';
import { InviteContextLoader } from '../rights/invite-context-loader.js';
import { grantProblems, type InviteRights, workspaceRoleOf } from '../rights/invite-rights.js';
import { assertManageable, assertNotAbove } from './manageable-invitation.js';

/** `AmendmentInput` as a request names it. */
export type RequestedAmendment = Omit<AmendmentInput, 'orgRoleId'> & { orgRole: RoleReference };

/** Changes the grants of a pending invitation, within the rights of the caller; address and expiry stay. */
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

  run(principal: OrgPrincipal, rights: InviteRights, invitationId: string, amendment: RequestedAmendment) {
    const { orgId } = principal;
    return this.transaction.runAs(principal, async () => {
      const invitation = await this.invitations.findPending(orgId, invitationId);
      assertManageable(principal, invitation);
      const orgRoleId = await this.roles.resolve(orgId, amendment.orgRole, 'organization');
      const changes = { ...amendment, orgRoleId };
      const grants = await this.invitations.listGrants([invitationId]);
      const plan = planAmendment(invitation.email, grants, changes);
      const { requested, removedWorkspaceIds, isEmptied } = plan;
      const { facts } = await this.contexts.load(principal, [requested], {
        rights,
        fromWorkspaceId: null,
        addsMembers: false,
      });
      const problems = grantProblems(requested, plan.changes, facts); // the person is already invited
      if (problems.length > 0)
        throw inviteRefusal(
          problems.map((problem) => ({ ...problem, row: 0 })),
          { locate: singleRowLoc, malformed: [] },
        );
      if (isEmptied && invitation.fromWorkspace) throw new WorkspaceInvitationRequiresWorkspace();
      await this.invitations.changeOrgRole(orgId, invitationId, orgRoleId ?? invitation.orgRoleId);
      const removed = removedWorkspaceIds.map((workspaceId) => ({ invitationId, workspaceId }));
      await this.invitations.removeGrants(orgId, removed);
      const roleId = workspaceRoleOf(requested);
      const added = requested.workspaceIds.map((workspaceId) => ({ workspaceId, roleId }));
      await this.invitations.setGrants(orgId, [{ id: invitationId, grants: added }]);
      await this.audit.record(principal, 'update_org_pending_member', [invitationId]);
    });
  }

  /** Changes the role in this workspace only. */
  inWorkspace(principal: WorkspacePrincipal, invitationId: string, role: RoleReference): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.runAs(principal, async () => {
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
