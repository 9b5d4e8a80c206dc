import { Body, Controller, Get, Patch } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OrgQuery } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { Refuses, ReturnsJson } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { ProviderUserSlim } from '../../../contract/members.js';
import { AllowedLoginMethodsUpdate } from '../../../contract/sign-in.js';
import { type OrgMember, toOrgMember } from '../../members/index.js';
import type { PasswordChooser } from '../../passwords/index.js';
import { adminsOnly } from '../../roles/index.js';
import { OnlyAdminsRestrictLogins } from './core/errors.js';
import { OrgLoginMethodsService } from './org-login-methods.service.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current')
export class LoginMethodsController {
  constructor(private readonly logins: OrgLoginMethodsService) {}

  @Patch('login-methods')
  @OrgCommand(adminsOnly(OnlyAdminsRestrictLogins), 'update_login_methods')
  @ReturnsJson({ type: 'object', additionalProperties: true })
  @Refuses('sso_session_required')
  async updateAllowedLoginMethods(
    @CurrentPrincipal() principal: OrgPrincipal,
    @Body() { sso_only: ssoOnly }: AllowedLoginMethodsUpdate,
  ) {
    const unlessUnchanged = ssoOnly ?? undefined; // docs/contract/http.md#null-and-absent-fields
    return { sso_only: await this.logins.restrict(principal, unlessUnchanged) };
  }

  @Get('user/login-methods')
  @OrgQuery('organization:read', [ProviderUserSlim])
  async getCurrentUserLoginMethods(@CurrentPrincipal() principal: OrgPrincipal) {
    const member = await this.logins.getForPrincipal(principal);
    return toLoginMethods(member, await this.logins.findPasswordChooser(principal));
  }
}

function toLoginMethods(
  member: OrgMember | null,
  passwordChooser: PasswordChooser | null,
): ProviderUserSlim[] {
  const logins = member ? (toOrgMember(member).linked_login_methods ?? []) : [];
  return passwordChooser === null
    ? logins
    : logins.map((login) =>
        login.provider === 'email' ? { ...login, password_chosen_by: passwordChooser } : login,
      );
}
