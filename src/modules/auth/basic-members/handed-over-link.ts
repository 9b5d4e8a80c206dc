import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { DomainError } from '../../../common/errors/domain-error.js';
import { required } from '../../../common/collections.js';
import { ExistingAccounts, PendingInvitationLookup } from '../../invitations/index.js';
import { OrgMembersService } from '../../members/index.js';
import { OrgsRepository } from '../../orgs/index.js';
import { PasswordLinkNotFound } from '../../passwords/index.js';
import { ORG_ADMIN_ID } from '../../roles/index.js';
import { UsersRepository } from '../../users/index.js';
import { AccountRights } from './account-rights.js';
import { InvitedAccountHasPassword, MemberIsDisabled } from './errors.js';

export type Target = {
  readonly email: string;
  readonly userId: string | null;
  readonly invitationId: string | null;
};

type HandedOver = { readonly orgId: string; readonly adminId: string };

/**
 * A handed-over link is a password that its admin chooses when it is used, so the admin must be allowed to choose it
 * then, too. The link holder is not told what changed. The caller holds the roster lock.
 */
@Injectable()
export class HandedOverLink {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsRepository,
    private readonly rights: AccountRights,
    private readonly users: UsersRepository,
    private readonly existing: ExistingAccounts,
    private readonly invitations: PendingInvitationLookup,
  ) {}

  /** @throws AccountIsShared, MemberIsDisabled, MemberNotFound or PasswordIsTheOwners */
  async targetOfMember({ orgId }: OrgPrincipal, membershipId: string): Promise<Target> {
    const { userId, isDisabled } = await this.members.get(orgId, membershipId);
    if (isDisabled) throw new MemberIsDisabled();
    await this.rights.assertMayChoosePassword(orgId, userId);
    const { email } = required(await this.users.findById(userId), 'the account of a member');
    return { email, userId, invitationId: null };
  }

  /** @throws InvitedAccountHasPassword and what {@link PendingInvitationLookup.getUsable} throws */
  async targetOfInvitation({ orgId }: OrgPrincipal, invitationId: string): Promise<Target> {
    const { email } = await this.invitations.getUsable(orgId, invitationId);
    await this.assertUnused(orgId, email);
    return { email, userId: null, invitationId };
  }

  /** @throws PasswordLinkNotFound */
  async assertMayReset({ orgId, adminId, userId }: HandedOver & { userId: string }): Promise<void> {
    await this.assertAdminRemains({ orgId, adminId });
    await concealed(this.rights.assertMayChoosePassword(orgId, userId));
    const member = (await this.members.findByUsers(orgId, [userId])).get(userId);
    if (!member || member.isDisabled) throw new PasswordLinkNotFound();
  }

  /** @throws PasswordLinkNotFound */
  async assertMayMakeAccount({ orgId, adminId, email }: HandedOver & { email: string }): Promise<void> {
    await this.assertAdminRemains({ orgId, adminId });
    await concealed(this.assertUnused(orgId, email));
  }

  /** No account with a password or membership gets one from an admin. @throws InvitedAccountHasPassword */
  private async assertUnused(orgId: string, email: string): Promise<void> {
    const user = await this.users.findByEmail(email);
    if (!user) return;
    const statuses = await this.existing.statusesOf(orgId, [user.id]);
    if (statuses.get(user.id) !== 'unused') throw new InvitedAccountHasPassword();
  }

  private async assertAdminRemains({ orgId, adminId }: HandedOver): Promise<void> {
    const admin = (await this.members.findByUsers(orgId, [adminId])).get(adminId);
    const isAdmin = admin?.roleId === ORG_ADMIN_ID && !admin.isDisabled;
    if (!isAdmin || (await this.orgs.get(orgId)).isDisabled) throw new PasswordLinkNotFound();
  }
}

async function concealed(check: Promise<void>): Promise<void> {
  await check.catch((error: unknown) => {
    throw error instanceof DomainError ? new PasswordLinkNotFound() : error;
  });
}
