import { Injectable } from '@nestjs/common';
import { unique } from '../../../common/collections.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { AccessEnds, OrgMembersService, type OrgMembership } from '../../members/index.js';
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
  /** Why ends of access that the rows name are refused, by their time. */
  refusedEnds: ReadonlyMap<number, string>;
};

@Injectable()
export class InvitedPeopleLoader {
  constructor(
    private readonly users: UsersRepository,
    private readonly members: OrgMembersService,
    private readonly invitations: InvitationsRepository,
    private readonly ends: AccessEnds,
  ) {}

  async load(orgId: string, rows: readonly InviteRow[]): Promise<InvitedPeople> {
    const emails = unique(rows.map(({ email }) => email));
    const [users, invitations, refusedEnds] = await awaitAll([
      this.users.findByEmails(emails),
      this.invitations.findPendingByEmails(orgId, emails),
      this.ends.reasonsAgainst(rows.map(({ accessExpiresAt }) => accessExpiresAt)),
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
    return { users, members, invitations, people: new Map(people), refusedEnds };
  }

  /** By address: one row for the org role of the invitation, and one for each of its workspaces. */
  private async loadParts(invitations: readonly FoundInvitation[]): Promise<Map<string, InviteRow[]>> {
    if (invitations.length === 0) return new Map();
    const grants = await this.invitations.listGrants(invitations.map(({ id }) => id));
    const grantsOf = Map.groupBy(grants, ({ invitationId }) => invitationId);
    return new Map(
      invitations.map(({ id, email, orgRoleId, accessExpiresAt }) => {
        const inOrg = { ...emptyRow(email), orgRoleId, accessExpiresAt };
        const inWorkspaces = (grantsOf.get(id) ?? []).map((grant) => ({
          ...inOrg,
          workspaceIds: [grant.workspaceId],
          workspaceRoleId: grant.roleId,
          accessExpiresAt: grant.accessExpiresAt,
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
