import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { getOrThrow } from '../../../common/collections.js';
import { ConcurrentChange } from '../../../database/constraint-violation.errors.js';
import { Seats, type ResolvedInvitation, ResolveInvitations } from '../../invitations/index.js';
import { OrgMembersService, createdBy } from '../../members/index.js';
import { OrgsService } from '../../orgs/index.js';
import { systemRole } from '../../rbac/index.js';
import { UsersService } from '../../users/index.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';

const ORG_USER = systemRole('ORGANIZATION_USER').id;

/**
 * `email`: the main address of the SCIM user, which may differ from the account's. `auditEntryId`: of the entry that the
 * caller writes about the user.
 */
type JoiningUser = { readonly userId: string; readonly email: string; readonly auditEntryId: string };

/** An existing member keeps their role; groups may change it. */
@Injectable()
export class AddScimMembers {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly users: UsersService,
    private readonly resolveInvitations: ResolveInvitations,
    private readonly seats: Seats,
    private readonly reach: ScimTokenScope,
  ) {}

  /**
   * Returns the ended invitations by user; the seat of an invitation passes to its user, and an expired one has none.
   * @throws SeatLimitReached, TokenMayNotTouchInvitation
   */
  async run(
    by: ScimPrincipal,
    joiningUsers: readonly JoiningUser[],
  ): Promise<ReadonlyMap<string, ResolvedInvitation>> {
    const { orgId } = by;
    const org = await this.orgs.get(orgId);
    const accounts = await this.users.findByIds(joiningUsers.map(({ userId }) => userId));
    if (joiningUsers.some(({ userId }) => !accounts.has(userId)))
      throw new ConcurrentChange('another organization removed an account at the same time');
    const addressed = joiningUsers.map(({ email, ...user }) => ({
      ...user,
      email: getOrThrow(accounts, user.userId).email,
      otherEmails: [email],
    }));
    await this.reach.assertMayAccept(
      by,
      addressed.flatMap(({ email, otherEmails }) => [email, ...otherEmails]),
    );
    const resolved = await this.resolveInvitations.run(org, addressed);
    const joining = joiningUsers.map(({ userId, auditEntryId }) => ({
      userId,
      roleId: ORG_USER,
      provenance: createdBy(by, 'scim_user', auditEntryId),
    }));
    const added = await this.members.add(orgId, joining);
    if ([...added].some((userId) => !resolved.get(userId)?.hadSeat)) await this.seats.assertWithinLimit(org);
    return resolved;
  }
}
