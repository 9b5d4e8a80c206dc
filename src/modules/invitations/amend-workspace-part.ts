import { Injectable } from '@nestjs/common';
import { AccessLimits, type RightsChange } from '../../common/access/access-limits.js';
import type { WorkspacePrincipal } from '../../common/access/principal.js';
import { required } from '../../common/collections.js';
import { Transaction } from '../../database/transactions/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { AccessEnds, changeOfEnd } from '../members/index.js';
import { RolesService } from '../roles/index.js';
import { InvitationsRepository, type PendingGrant } from './core/invitations.repository.js';
import { endFacts, type PendingChange } from './core/pending-member.mapper.js';
import { assertManageableGrant } from './invitations.service.js';

/** Changes the role and the end that an invitation offers in this workspace only, within the rights of the caller. */
@Injectable()
export class AmendWorkspacePart {
  constructor(
    private readonly transaction: Transaction,
    private readonly invitations: InvitationsRepository,
    private readonly roles: RolesService,
    private readonly limits: AccessLimits,
    private readonly ends: AccessEnds,
    private readonly audit: AuditTrail,
  ) {}

  run(
    principal: WorkspacePrincipal,
    invitationId: string,
    { role, accessExpiresAt: at }: PendingChange,
  ): Promise<void> {
    const { orgId, workspaceId } = principal;
    return this.transaction.as(principal, async () => {
      const grant = await this.invitations.getPendingGrant(principal, invitationId);
      assertManageableGrant(principal, grant);
      await this.ends.check([{ at, loc: ['body', 'access_expires_at'] }]);
      const roleId = role
        ? required(await this.roles.resolve(orgId, role, 'workspace'), 'the role')
        : grant.roleId;
      await this.roles.get(orgId, roleId, 'workspace');
      const subject = { roleId: grant.roleId, name: grant.email };
      await this.limits.assertWithin(principal, [
        { subject, workspaceId, roleId },
        ...endChange(grant, roleId, at),
      ]);
      const { accessExpiresAt } = grant;
      await this.invitations.setGrants(orgId, [
        { id: invitationId, grants: [{ workspaceId, roleId, accessExpiresAt }] },
      ]);
      if (at !== undefined) await this.invitations.setEnds(orgId, [{ id: invitationId, workspaceId, at }]);
      const details = { from_role_id: grant.roleId, to_role_id: roleId, ...endFacts(accessExpiresAt, at) };
      await this.audit.record(principal, 'update_workspace_pending_member', [invitationId], { details });
    });
  }
}

/** A later end gives what the invitation offers in the workspace, an earlier one takes it. */
function endChange(grant: PendingGrant, roleId: string, at: Date | null | undefined): RightsChange[] {
  const { workspaceId, email: name } = grant;
  const change = at === undefined ? null : changeOfEnd(grant.accessExpiresAt, at);
  if (change === null) return [];
  const [from, to] = change === 'given' ? [null, roleId] : [grant.roleId, null];
  return [{ subject: { roleId: from, name }, workspaceId, roleId: to }];
}
