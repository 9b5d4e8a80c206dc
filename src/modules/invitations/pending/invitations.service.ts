import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessLimits } from '../../../common/access/access-limits.js';
import type { OrgPrincipal, WorkspacePrincipal } from '../../../common/access/principal.js';
import { EventBus } from '../../../common/event-bus.js';
import { Transaction } from '../../../database/transactions/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { OnlyAdminsManageAdmins } from '../../members/index.js';
import { mayGrantOrgAdmin, mayManageOrgRole, ORG_ADMIN_ID } from '../../roles/index.js';
import { WorkspaceDeleted } from '../../workspaces/index.js';
import type { Invitation } from '../core/entities.js';
import { InvitationNotFound, OperatorCannotChangeInvitation } from '../core/invitations.errors.js';
import { InvitationsRepository } from '../core/invitations.repository.js';

/** Revokes invitations, at organization and at workspace level. */
@Injectable()
export class InvitationsService implements OnModuleInit {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
    private readonly events: EventBus,
    private readonly limits: AccessLimits,
  ) {}

  /** Deleting a workspace ends the invitations that only it had created. */
  onModuleInit(): void {
    this.events.on(WorkspaceDeleted, ({ orgId }) => this.invitations.endEmpty(orgId));
  }

  revoke(principal: OrgPrincipal, invitationId: string): Promise<void> {
    return this.transaction.as(principal, async () => {
      assertManageable(principal, await this.invitations.findPending(principal.orgId, invitationId));
      await this.invitations.end(principal.orgId, [invitationId], 'revoked');
      await this.audit.record(principal, 'delete_org_pending_member', [invitationId]);
    });
  }

  /**
   * Revokes all pending invitations of these addresses; returns their ids by address. The caller holds the roster lock.
   */
  async revokeByEmails(orgId: string, emails: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const pending = await this.invitations.findPendingByEmails(orgId, emails);
    const ids = new Map([...pending].map(([email, { id }]) => [email, id]));
    await this.invitations.end(orgId, [...ids.values()], 'revoked');
    return ids;
  }

  /**
   * Removes the workspace from the invitation (docs/contract/invitations.md#revoking-the-workspace-part).
   */
  revokeInWorkspace(principal: WorkspacePrincipal, invitationId: string): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const grant = await this.invitations.getPendingGrant(principal, invitationId);
      assertNotAbove(principal, grant);
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
export function assertNotAbove(principal: OrgPrincipal, { orgRoleId }: { orgRoleId: string }): void {
  if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageAdmins();
}
