import { Controller, Post, UseGuards } from '@nestjs/common';
import { RequirePermission } from '../../../../common/access/access-rule.decorator.js';
import { CurrentPrincipal } from '../../../../common/access/current-principal.decorator.js';
import type { OrgPrincipal } from '../../../../common/access/principal.js';
import { PathUuid } from '../../../../common/http/path-uuid.decorator.js';
import { Refuses } from '../../../../common/http/refuses.decorator.js';
import { Returns } from '../../../../common/http/returns.decorator.js';
import { ApiTags } from '../../../../common/http/swagger.decorator.js';
import { HandedOverPasswordLink } from '../../../../contract/password-links.js';
import { Audited } from '../../../audit/index.js';
import { OnlyAdminsChoosePasswords, OrgAdminsOnly } from '../../../rbac/index.js';
import { PasswordLoginEnabledGuard } from '../core/password-login-enabled.guard.js';
import { HandOverPasswordLink } from './hand-over-password-link.js';
import { toHandedOverLink } from './password-links.mapper.js';

/** Not in the published API. For Organization Admins in a session, as in choosing a password. */
@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class HandedOverLinksController {
  constructor(private readonly handOver: HandOverPasswordLink) {}

  @Post(':identity_id/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgAdminsOnly(OnlyAdminsChoosePasswords)
  @Audited('update_basic_auth_user')
  @Returns(HandedOverPasswordLink)
  @Refuses(
    'account_is_shared',
    'member_is_disabled',
    'member_not_found',
    'only_admins_choose_passwords',
    'password_is_the_owners',
    'password_links_are_mailed',
    'password_login_disabled',
  )
  async createMemberPasswordLink(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
  ): Promise<HandedOverPasswordLink> {
    return toHandedOverLink(await this.handOver.forMember(principal, membershipId));
  }

  @Post(':identity_id/pending/password-link')
  @RequirePermission('organization:manage', { sessionOnly: true })
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgAdminsOnly(OnlyAdminsChoosePasswords)
  @Audited('update_basic_auth_user')
  @Returns(HandedOverPasswordLink)
  @Refuses(
    'invitation_expired',
    'invitation_not_found',
    'invited_account_has_password',
    'invites_disabled',
    'only_admins_choose_passwords',
    'password_links_are_mailed',
    'password_login_disabled',
  )
  async createInvitationPasswordLink(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') invitationId: string,
  ): Promise<HandedOverPasswordLink> {
    return toHandedOverLink(await this.handOver.forInvitation(principal, invitationId));
  }
}
