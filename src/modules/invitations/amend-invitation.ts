import { Injectable } from '@nestjs/common';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { heldHere } from '../members/index.js';
import { RolesService } from '../rbac/index.js';
import { type AmendmentWish, amendmentOf } from './invitation-amendment.js';
import { refusal, WorkspaceInvitationNeedsOne } from './invitations.errors.js';
import { InvitationsRepository } from './invitations.repository.js';
import { alone } from './invite-batch.js';
import { InviteCensus } from './invite-census.js';
import { type InviteRights, problemsOf, workspaceRoleOf } from './invite-rights.js';
import { assertManageable, assertNotAbove } from './manageable-invitation.js';

/** Changes what a pending invitation gives, by who could have invited so; its address and its time stay. */
@Injectable()
export class AmendInvitation {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly census: InviteCensus,
    private readonly roles: RolesService,
    private readonly audit: AuditTrail,
  ) {}

  run(principal: OrgPrincipal, rights: InviteRights, invitationId: string, wish: AmendmentWish) {
    const { orgId } = principal;
    return this.transaction.runAs(principal, async () => {
      const invitation = await this.invitations.findPending(orgId, invitationId);
      assertManageable(principal, invitation);
      const grants = await this.invitations.listGrants([invitationId]);
      const { given, removedWorkspaceIds, isLeftEmpty } = amendmentOf(invitation.email, grants, wish);
      const { facts } = await this.census.take(principal, [given], { rights, fromWorkspaceId: null });
      const problems = problemsOf(given, { ...facts, isNew: () => false }); // he waits already
      if (problems.length > 0)
        throw refusal(
          problems.map((problem) => ({ ...problem, row: 0 })),
          alone,
        );
      if (isLeftEmpty && invitation.fromWorkspace) throw new WorkspaceInvitationNeedsOne();
      await this.invitations.changeOrgRole(orgId, invitationId, wish.orgRoleId ?? invitation.orgRoleId);
      const removed = removedWorkspaceIds.map((workspaceId) => ({ invitationId, workspaceId }));
      await this.invitations.dropGrants(orgId, removed);
      const roleId = workspaceRoleOf(given);
      const added = given.workspaceIds.map((workspaceId) => ({ workspaceId, roleId }));
      await this.invitations.setGrants(orgId, [{ id: invitationId, grants: added }]);
      await this.audit.record(principal, 'update_org_member', [invitationId]);
    });
  }

  /** The role in this workspace only: taken and given by who holds all that both allow. */
  inWorkspace(principal: WorkspacePrincipal, invitationId: string, roleId: string): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.runAs(principal, async () => {
      const here = await this.invitations.getPendingGrant(principal, invitationId);
      assertNotAbove(principal, here);
      for (const id of [here.roleId, roleId]) await this.roles.getGrantable(orgId, id, heldHere(principal));
      await this.invitations.setGrants(orgId, [{ id: invitationId, grants: [{ workspaceId, roleId }] }]);
      await this.audit.record(principal, 'update_workspace_member', [invitationId]);
    });
  }
}
