import { Injectable } from '@nestjs/common';
import type { UserPrincipal } from '../../common/access/principal.js';
import { Transaction } from '../../database/transaction.js';
import { AuditTrail } from '../audit/index.js';
import { type OrgMembership } from '../members/index.js';
import type { Org } from '../orgs/index.js';
import { type PlacedWorkspace, WorkspacesService } from '../workspaces/index.js';
import { AcceptInvitation } from './accept-invitation.js';
import { InvitationNotFound } from './invitations.errors.js';
import { InvitationsOfPerson } from './invitations-of-person.js';
import { InvitationsRepository } from './invitations.repository.js';

/** The invitations of the signed-in person: seen, accepted, declined. */
@Injectable()
export class OwnInvitationsService {
  constructor(
    private readonly invitations: InvitationsRepository,
    private readonly acceptInvitation: AcceptInvitation,
    private readonly ofPerson: InvitationsOfPerson,
    private readonly workspaces: WorkspacesService,
    private readonly transaction: Transaction,
    private readonly audit: AuditTrail,
  ) {}

  listOrgs(person: UserPrincipal): Promise<Org[]> {
    return this.ofPerson.listOrgs(person);
  }

  async listWorkspaces(person: UserPrincipal): Promise<PlacedWorkspace[]> {
    const usable = await this.ofPerson.listUsable(person);
    const grants = usable.length === 0 ? [] : await this.invitations.listGrants(usable.map(({ id }) => id));
    return this.workspaces.place(grants.map(({ workspaceId }) => workspaceId));
  }

  acceptOrg(person: UserPrincipal, orgId: string): Promise<OrgMembership> {
    return this.acceptInvitation.inOrg(person, orgId);
  }

  async acceptWorkspace(person: UserPrincipal, workspaceId: string): Promise<void> {
    await this.acceptInvitation.inWorkspace(person, await this.offered(workspaceId));
  }

  declineOrg(person: UserPrincipal, orgId: string): Promise<void> {
    return this.transaction.runInOrg(orgId, async () => {
      const invitation = await this.ofPerson.get(person, orgId);
      await this.invitations.end(orgId, [invitation.id], 'declined');
      await this.audit.record(person, 'delete_pending_organization_invite', [invitation.id], { orgId });
    });
  }

  /** Takes the workspace out; what workspaces offered goes with its last one (contract decision 14). */
  async declineWorkspace(person: UserPrincipal, workspaceId: string): Promise<void> {
    const { orgId } = await this.offered(workspaceId);
    await this.transaction.runInOrg(orgId, async () => {
      const invitation = await this.ofPerson.get(person, orgId);
      if (!(await this.invitations.removeGrant(invitation, workspaceId, 'declined')))
        throw new InvitationNotFound();
      await this.audit.record(person, 'delete_pending_workspace_invite', [invitation.id], {
        orgId,
        workspaceId,
      });
    });
  }

  private async offered(workspaceId: string): Promise<{ id: string; orgId: string }> {
    const [placed] = await this.workspaces.place([workspaceId]);
    if (!placed) throw new InvitationNotFound();
    return placed.workspace;
  }
}
