import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { awaitAll } from '../../../database/transactions/unit-of-work.js';
import { Seats, type ResolvedInvitation, ResolveInvitations } from '../../invitations/index.js';
import { createdBy, EndedMemberships, OrgMembersService } from '../../members/index.js';
import { type Org, OrgsRepository } from '../../orgs/index.js';
import { ORG_USER } from '../roles/group-roles.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';

/** `auditEntryId`: of the entry that the caller writes about the user. */
type NewMember = { readonly userId: string; readonly auditEntryId: string };

/** `email`: the main address of the SCIM user, which may differ from that of the account. */
type JoiningUser = NewMember & { readonly email: string; readonly accountEmail: string };

type Resolved = ReadonlyMap<string, ResolvedInvitation>;

/** An existing member keeps their role; groups may change it. */
@Injectable()
export class AddScimMembers {
  constructor(
    private readonly members: OrgMembersService,
    private readonly ended: EndedMemberships,
    private readonly orgs: OrgsRepository,
    private readonly resolveInvitations: ResolveInvitations,
    private readonly seats: Seats,
    private readonly tokenScope: ScimTokenScope,
  ) {}

  findOrg({ orgId }: ScimPrincipal): Promise<Org> {
    return this.orgs.get(orgId);
  }

  /** Ends their invitations, and returns them by user. @throws TokenMayNotManageAdmins, TokenMayNotTouchInvitation */
  async resolveInvitationsOf(
    by: ScimPrincipal,
    org: Org,
    joiningUsers: readonly JoiningUser[],
  ): Promise<Resolved> {
    const addressed = joiningUsers.map(({ email, accountEmail, ...user }) => ({
      ...user,
      email: accountEmail,
      otherEmails: [email],
    }));
    const userIds = joiningUsers.map(({ userId }) => userId);
    await this.tokenScope.assertMayChange(by, userIds);
    const emails = joiningUsers.flatMap(({ email, accountEmail }) => [accountEmail, email]);
    await this.tokenScope.assertMayAccept(by, emails);
    const [, resolved] = await awaitAll([
      this.ended.tidyOf(org.id, userIds),
      this.resolveInvitations.run(org, addressed),
    ]);
    return resolved;
  }

  /**
   * Returns the users who were not members before. The seat of an invitation in `resolved` passes to its user; an expired one has
   * none. @throws SeatLimitReached
   */
  async add(
    by: ScimPrincipal,
    org: Org,
    joiningUsers: readonly NewMember[],
    resolved: Resolved,
  ): Promise<ReadonlySet<string>> {
    const joining = joiningUsers.map(({ userId, auditEntryId }) => ({
      userId,
      roleId: ORG_USER,
      provenance: createdBy(by, 'scim_user', auditEntryId),
    }));
    const added = await this.members.add(org.id, joining);
    if ([...added].some((userId) => !resolved.get(userId)?.hadSeat)) await this.seats.assertWithinLimit(org);
    return added;
  }
}
