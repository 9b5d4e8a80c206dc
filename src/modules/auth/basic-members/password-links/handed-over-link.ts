import { Injectable } from '@nestjs/common';
import { DomainError } from '../../../../common/errors/domain-error.js';
import { OrgMembersService } from '../../../members/index.js';
import { OrgsService } from '../../../orgs/index.js';
import { ORG_ADMIN_ID } from '../../../rbac/index.js';
import { PasswordLinkNotFound } from '../../../passwords/index.js';
import { AccountRights } from '../core/account-rights.js';
import { InvitedAccount } from './invited-account.js';

type HandedOver = { readonly orgId: string; readonly adminId: string };

/**
 * A handed-over link is a password that its admin chooses at the moment of use, so the admin must be allowed to choose it
 * then. Whoever holds the link learns nothing of what has changed since. The caller holds the roster lock.
 */
@Injectable()
export class HandedOverLink {
  constructor(
    private readonly members: OrgMembersService,
    private readonly orgs: OrgsService,
    private readonly rights: AccountRights,
    private readonly invited: InvitedAccount,
  ) {}

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
    await concealed(this.invited.assertUnused(orgId, email));
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
