import { Injectable } from '@nestjs/common';
import { awaitAll } from '../../../database/transactions/await-all.js';
import { OrgMembersService, type OrgMembership } from '../../members/index.js';
import { type User, UsersRepository } from '../../users/index.js';
import { type FoundInvitation, InvitationsRepository } from '../core/invitations.repository.js';
import { emptyRow, type InviteRow, type PersonFacts } from './invite-rights.js';

/** The accounts, members and pending invitations of the requested addresses, each by address. */
export type InvitedPeople = {
  /** Members or not. */
  users: ReadonlyMap<string, User>;
  members: ReadonlyMap<string, { user: User; membership: OrgMembership }>;
  /** Including expired invitations. */
  invitations: ReadonlyMap<string, FoundInvitation>;
  people: ReadonlyMap<string, PersonFacts>;
};

@Injectable()
export class InvitedPeopleLoader {
  constructor(
    private readonly users: UsersRepository,
    private readonly members: OrgMembersService,
    private readonly invitations: InvitationsRepository,
  ) {}

  async load(orgId: string, emails: readonly string[]): Promise<InvitedPeople> {
    const [users, invitations] = await awaitAll([
      this.users.findByEmails(emails),
      this.invitations.findPendingByEmails(orgId, emails),
    ]);
    const userIds = [...users.values()].map(({ id }) => id);
    const [memberships, parts] = await awaitAll([
      this.members.findByUsers(orgId, userIds),
      this.loadParts([...invitations.values()]),
    ]);
    const members = new Map(
      [...users].flatMap(([email, user]) => {
        const membership = memberships.get(user.id);
        return membership ? [[email, { user, membership }]] : [];
      }),
    );
    const people = emails.map((email): [string, PersonFacts] => [
      email,
      {
        userId: members.get(email)?.user.id ?? null,
        invitation: statusOf(invitations.get(email)),
        invitationParts: parts.get(email) ?? [],
      },
    ]);
    return { users, members, invitations, people: new Map(people) };
  }

  /** By address: one row for the org role of the invitation, and one for each of its workspaces. */
  private async loadParts(invitations: readonly FoundInvitation[]): Promise<Map<string, InviteRow[]>> {
    if (invitations.length === 0) return new Map();
    const grants = await this.invitations.listGrants(invitations.map(({ id }) => id));
    const grantsOf = Map.groupBy(grants, ({ invitationId }) => invitationId);
    return new Map(
      invitations.map(({ id, email, orgRoleId }) => {
        const inOrg = { ...emptyRow(email), orgRoleId };
        const inWorkspaces = (grantsOf.get(id) ?? []).map(({ workspaceId, roleId }) => ({
          ...inOrg,
          workspaceIds: [workspaceId],
          workspaceRoleId: roleId,
        }));
        return [email, [inOrg, ...inWorkspaces]];
      }),
    );
  }
}

function statusOf(invitation: FoundInvitation | undefined): PersonFacts['invitation'] {
  if (!invitation) return null;
  return invitation.isExpired ? 'expired' : 'pending';
}
