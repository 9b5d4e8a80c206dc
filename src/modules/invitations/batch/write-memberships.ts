import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../../common/collections.js';
import {
  joinChanges,
  type MembershipChanges,
  OrgMembersService,
  type Provenance,
  WorkspaceMembersService,
} from '../../members/index.js';
import type { User } from '../../users/index.js';
import { AcceptInvitation } from '../core/accept-invitation.js';
import type { Invitation } from '../core/entities.js';
import { InvitationsRepository } from '../core/invitations.repository.js';
import type { InviteContext } from '../rights/invite-context-loader.js';
import { type InviteRow, orgRoleOf } from '../rights/invite-rights.js';
import { firstRows, inWorkspaces } from './invitees.js';

/** Accepts pending invitations first, so that their roles take precedence, then adds what the call grants. */
@Injectable()
export class WriteMemberships {
  constructor(
    private readonly acceptInvitation: AcceptInvitation,
    private readonly invitations: InvitationsRepository,
    private readonly members: OrgMembersService,
    private readonly workspaceMembers: WorkspaceMembersService,
  ) {}

  async run(
    rows: readonly InviteRow[],
    context: InviteContext,
    users: ReadonlyMap<string, User>,
    provenance: Provenance,
  ): Promise<MembershipChanges> {
    const { id: orgId } = context.org;
    const userIdOf = ({ email }: { email: string }) => getOrThrow(users, email).id;
    const { usable = [], expired = [] } = Object.groupBy(context.invitations.values(), ({ isExpired }) =>
      isExpired ? 'expired' : 'usable',
    );
    const expiredIds = expired.map(({ id }) => id);
    await this.invitations.end(orgId, expiredIds, 'revoked');
    const acceptances = usable.map((invitation) => ({
      invitation: { ...invitation, accessExpiresAt: endOf(rows, context, invitation.email) },
      userId: userIdOf(invitation),
      auditEntryId: provenance.auditEntryId,
    }));
    const { changes: accepted } = await this.acceptInvitation.acceptAll(orgId, acceptances);
    const members = [...firstRows(rows).values()].map((row) => ({
      userId: userIdOf(row),
      roleId: orgRoleOf(row),
      provenance,
      accessExpiresAt: row.accessExpiresAt ?? null,
    }));
    const newMembers = await this.members.add(orgId, members);
    const workspaceMembers = rows.flatMap((row) => {
      const isMember = context.members.has(row.email); // what others get ends with the organization
      return inWorkspaces(isMember ? row : { ...row, accessExpiresAt: null }, userIdOf(row), provenance);
    });
    const added = await this.workspaceMembers.addAll(orgId, workspaceMembers);
    const orgAdded = members.filter(({ userId }) => newMembers.has(userId));
    return joinChanges(accepted, { orgAdded, added });
  }
}

/** The invitation that is accepted for the user; null if there is none or it has expired. */
export function acceptedInvitation({ invitations }: InviteContext, email: string): Invitation | null {
  const invitation = invitations.get(email);
  return invitation && !invitation.isExpired ? invitation : null;
}

/** Of a member it stays; else the first row of an address decides, or the invitation. */
export function endOf(rows: readonly InviteRow[], context: InviteContext, email: string): Date | null {
  const member = context.members.get(email);
  if (member) return member.membership.accessExpiresAt;
  const requested = rows.find((row) => row.email === email)?.accessExpiresAt;
  return requested === undefined ? (acceptedInvitation(context, email)?.accessExpiresAt ?? null) : requested;
}
