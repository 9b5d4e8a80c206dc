import { Injectable } from '@nestjs/common';
import { AccessLimits } from '../../common/access/access-limits.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../common/access/principal.js';
import { required } from '../../common/collections.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { OnlyAdminsManageAdmins } from '../members/index.js';
import { mayGrantOrgAdmin, mayManageOrgRole, ORG_ADMIN_ID, RolesService } from '../roles/index.js';
import type { Invitation } from './core/entities.js';
import { InvitationNotFound, OperatorCannotChangeInvitation } from './core/invitations.errors.js';
import { InvitationsRepository, type PendingGrant } from './core/invitations.repository.js';
import { endFacts, type PendingChange } from './core/pending-member.mapper.js';
import { singleRowLoc } from './core/row-location.js';
import { InviteContextLoader } from './rights/invite-context-loader.js';
import { assertNoProblems } from './rights/invite-refusal.errors.js';
import { emptyRow, endProblems, grantProblems, type InviteRights } from './rights/invite-rights.js';

@Injectable()
export class InvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly transaction: Transaction,
    private readonly contexts: InviteContextLoader,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
    private readonly audit: AuditTrail,
  ) {}

  /** Changes the organization role and the end of the membership, within the rights of the caller. */
  amend(
    principal: OrgPrincipal,
    rights: InviteRights,
    invitationId: string,
    { role, accessExpiresAt: at }: PendingChange,
  ): Promise<void> {
    const { orgId } = principal;
    return this.transaction.as(principal, async () => {
      const invitation = await this.invitations.findPending(orgId, invitationId);
      assertManageable(principal, invitation);
      const orgRoleId = role
        ? required(await this.roles.resolve(orgId, role, 'organization'), 'the role')
        : invitation.orgRoleId;
      const requested = { ...emptyRow(invitation.email), orgRoleId, accessExpiresAt: at ?? null };
      const origin = { rights, fromWorkspaceId: null, addsMembers: false };
      const { facts } = await this.contexts.load(principal, [requested], origin);
      const request = { rows: [requested], locate: singleRowLoc, malformed: [] };
      assertNoProblems(request, (row) => [...grantProblems(row, [], facts), ...endProblems(row, facts)]); // invited already
      await this.invitations.changeOrgRole(orgId, invitationId, orgRoleId);
      if (at !== undefined)
        await this.invitations.setEnds(orgId, [{ id: invitationId, workspaceId: null, at }]);
      const details = {
        from_role_id: invitation.orgRoleId,
        to_role_id: orgRoleId,
        ...endFacts(invitation.accessExpiresAt, at),
      };
      await this.audit.record(principal, 'update_org_pending_member', [invitationId], { details });
    });
  }

  revoke(principal: OrgPrincipal, invitationId: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      assertManageable(principal, await this.invitations.findPending(principal.orgId, invitationId));
      await this.invitations.end(principal.orgId, [invitationId], 'revoked');
      await this.audit.record(principal, 'delete_org_pending_member', [invitationId]);
    });
  }

  /** Under the roster lock. Returns the ids of the revoked invitations by address. */
  async revokeByEmails(orgId: string, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const pending = await this.invitations.findPendingByEmails(orgId, emails);
    const ids = new Map([...pending].map(([email, { id }]) => [email, id]));
    await this.invitations.end(orgId, [...ids.values()], 'revoked');
    return ids;
  }

  /** Removes the workspace from the invitation (docs/contract/invitations.md#revoking-the-workspace-part). */
  revokeInWorkspace(principal: WorkspacePrincipal, invitationId: string): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const grant = await this.invitations.getPendingGrant(principal, invitationId);
      assertManageableGrant(principal, grant);
      const subject = { roleId: grant.roleId, name: grant.email };
      await this.limits.assertWithin(principal, [{ subject, workspaceId, roleId: null }]);
      await this.invitations.removeGrant({ id: invitationId, orgId }, workspaceId, 'revoked');
      await this.audit.record(principal, 'delete_workspace_pending_member', [invitationId]);
    });
  }
}

/** Operators manage invitations with ordinary roles only. */
export function assertManageable(
  principal: OrgPrincipal,
  invitation: Invitation | null,
): asserts invitation is Invitation {
  if (!invitation) throw new InvitationNotFound();
  if (!mayManageOrgRole(principal, invitation.orgRoleId)) throw new OperatorCannotChangeInvitation();
}

/** An invitation as Organization Admin cannot be changed or revoked from a workspace, as with members. */
export function assertManageableGrant(principal: WorkspacePrincipal, { orgRoleId }: PendingGrant): void {
  if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageAdmins();
}
