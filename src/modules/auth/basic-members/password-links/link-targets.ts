import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { required } from '../../../../common/required.js';
import { LinkedInvitations } from '../../../invitations/index.js';
import { OrgMembersService } from '../../../members/index.js';
import { UsersService } from '../../../users/index.js';
import { AccountRights } from '../core/account-rights.js';
import { InvitedAccount } from './invited-account.js';
import { MemberIsDisabled } from './password-links.errors.js';

/** For whom a link is made. */
export type Target = {
  readonly email: string;
  readonly userId: string | null;
  readonly invitationId: string | null;
};

/** The people to whom an Organization Admin may hand over a link: those whose password the admin may choose. */
@Injectable()
export class LinkTargets {
  constructor(
    private readonly members: OrgMembersService,
    private readonly users: UsersService,
    private readonly rights: AccountRights,
    private readonly invitations: LinkedInvitations,
    private readonly invited: InvitedAccount,
  ) {}

  /** @throws AccountIsShared, MemberIsDisabled, MemberNotFound or PasswordIsTheOwners */
  async ofMember({ orgId }: OrgPrincipal, membershipId: string): Promise<Target> {
    const { userId, isDisabled } = await this.members.get(orgId, membershipId);
    if (isDisabled) throw new MemberIsDisabled();
    await this.rights.assertMayChoosePassword(orgId, userId);
    const { email } = required(await this.users.findById(userId), 'the account of a member');
    return { email, userId, invitationId: null };
  }

  /** @throws InvitedAccountHasPassword and what {@link LinkedInvitations.getUsable} throws */
  async ofInvitation({ orgId }: OrgPrincipal, invitationId: string): Promise<Target> {
    const { email } = await this.invitations.getUsable(orgId, invitationId);
    await this.invited.assertUnused(orgId, email);
    return { email, userId: null, invitationId };
  }
}
