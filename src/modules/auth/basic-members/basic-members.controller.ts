import { Body, Controller, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { CurrentPrincipal, OrgCommand, OwnCommand } from '../../../common/access/access.decorator.js';
import { MakesCredential } from '../../../common/access/makes-credential.decorator.js';
import type { OrgPrincipal, UserPrincipal } from '../../../common/access/principal.js';
import { BodyList, type BodyRows } from '../../../common/http/operations/body.decorator.js';
import { PathUuid } from '../../../common/http/operations/uuid.pipe.js';
import { Refuses } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import {
  BasicAuthMemberCreate,
  BasicAuthUserPatch,
  OrgIdentityPatch,
  UserWithPassword,
} from '../../../contract/members.js';
import { RevokeCreatedQuery } from '../../../contract/api-keys.js';
import { HandedOverPasswordLink } from '../../../contract/sign-in.js';
import { Idempotent } from '../../idempotency/index.js';
import {
  fromRolePatch,
  MemberDirectory,
  revokesCreated,
  toCreatedByMember,
  toOrgMember,
} from '../../members/index.js';
import { adminsOnly, OnlyAdminsChoosePasswords, PasswordChoiceGuard } from '../../roles/index.js';
import { AddBasicMembers, type AddedMember } from './add-basic-members.js';
import { type AccountChange, BasicMembersService, type MemberChange } from './basic-members.service.js';
import { HandOverPasswordLink, type NewHandedOverLink } from './hand-over-password-link.js';
import { PasswordLoginEnabledGuard } from './password-login-enabled.guard.js';
import type { Problem } from '../../../common/errors/domain-error.js';
import {
  endOfRow,
  type LocatedRows,
  locatedRows,
  type NewMember,
  problemsOfInvite,
  readInvites,
} from '../../invitations/index.js';
import { chosenIdProblems, chosenIds } from './chosen-ids.js';

@ApiTags('orgs')
@Controller('api/v1/orgs')
export class BasicMembersController {
  constructor(
    private readonly members: BasicMembersService,
    private readonly addMembers: AddBasicMembers,
    private readonly directory: MemberDirectory,
    private readonly handOver: HandOverPasswordLink,
  ) {}

  /** The response has passwords: not for operators (docs/contract/passwords.md#who-may-choose-a-password). */
  @Post('current/members/basic/batch')
  @UseGuards(PasswordLoginEnabledGuard, PasswordChoiceGuard)
  @OrgCommand(adminsOnly(OnlyAdminsChoosePasswords), 'add_basic_auth_users_to_org', [UserWithPassword])
  @MakesCredential('settings/members')
  @Idempotent()
  @Refuses(
    'chosen_ids_taken',
    'invite_targets_not_found',
    'invites_forbidden',
    'password_hashing_busy',
    'password_hashing_overloaded',
    'password_login_disabled',
    'password_needs_session',
    'seat_limit_reached',
  )
  async addBasicAuthMembersToCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @BodyList(BasicAuthMemberCreate, { max: 500, validateRow: problemsOfMember })
    body: BodyRows<BasicAuthMemberCreate>,
  ) {
    const added = await this.addMembers.run(principal, fromMemberCreates(body));
    return added.map(toUserWithPassword);
  }

  @Patch('current/members/:identity_id')
  @OrgCommand('organization:manage', 'update_org_member', 'anything')
  @MakesCredential('settings/members', 'password')
  @UseGuards(PasswordChoiceGuard)
  @Refuses(
    'access_end_managed_by_provider',
    'account_is_shared',
    'last_admin_required',
    'may_not_revoke_member_tokens',
    'member_not_found',
    'only_admins_change_admin_accounts',
    'only_admins_choose_passwords',
    'only_admins_manage_org_wide_keys',
    'only_admins_manage_log_streams',
    'only_admins_manage_scim_tokens',
    'only_admins_manage_webhooks',
    'operator_cannot_change_role',
    'own_access_end',
    'password_hashing_busy',
    'password_hashing_overloaded',
    'password_is_the_owners',
    'password_needs_session',
    'permission_missing',
    'promotion_needs_new_password',
    'role_is_provisioned',
    'role_not_found',
    'role_not_grantable',
  )
  async updateCurrentOrgMember(
    @CurrentPrincipal() principal: OrgPrincipal,
    @PathUuid('identity_id') membershipId: string,
    @Query() query: RevokeCreatedQuery,
    @Body() body: OrgIdentityPatch,
  ) {
    const ended = await this.members.updateMember(principal, membershipId, fromMemberPatch(body, query));
    const member = toOrgMember(await this.directory.getOrgMember(principal.orgId, membershipId));
    return ended ? { ...member, ...toCreatedByMember(ended) } : member;
  }

  /** Requires a session: a leaked token must not be able to take over the account. */
  @Patch('members/basic')
  @OwnCommand('update_basic_auth_user', 'anything', { context: 'org' })
  @MakesCredential('settings/profile', 'password')
  @Refuses('password_hashing_busy', 'password_hashing_overloaded', 'password_login_disabled')
  async updateCurrentUser(@CurrentPrincipal() principal: UserPrincipal, @Body() body: BasicAuthUserPatch) {
    await this.members.updateOwn(principal, fromUserPatch(body));
    return null;
  }

  /** Not in the published API; in a session, as in choosing a password. */
  @Post('current/members/:identity_id/password-link')
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgCommand(adminsOnly(OnlyAdminsChoosePasswords), 'update_basic_auth_user', HandedOverPasswordLink, {
    sessionOnly: true,
  })
  @MakesCredential('settings/members')
  @Refuses(
    'account_is_shared',
    'member_is_disabled',
    'member_not_found',
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

  /** Not in the published API. */
  @Post('current/members/:identity_id/pending/password-link')
  @UseGuards(PasswordLoginEnabledGuard)
  @OrgCommand(adminsOnly(OnlyAdminsChoosePasswords), 'update_basic_auth_user', HandedOverPasswordLink, {
    sessionOnly: true,
  })
  @MakesCredential('settings/members')
  @Refuses(
    'invitation_expired',
    'invitation_not_found',
    'invited_account_has_password',
    'invites_disabled',
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

/** Problems of a row that the schema does not cover. */
function problemsOfMember(row: object, loc: Problem['loc']): Problem[] {
  return [...problemsOfInvite(row, loc), ...chosenIdProblems(row, loc)];
}

function fromMemberCreates(body: BodyRows<BasicAuthMemberCreate>): LocatedRows<NewMember> {
  const { read, malformed } = readInvites(body);
  const chosen = chosenIds(read.map(({ loc, row, invite: { email } }) => ({ ...row, email, loc })));
  return locatedRows(
    read.map(({ loc, invite }) => ({
      loc,
      row: { ...invite, userId: chosen.byEmail.get(invite.email) ?? null },
    })),
    [...malformed, ...chosen.problems],
  );
}

/** A null password or role means no change; a null name clears it (docs/contract/http.md#null-and-absent-fields). */
const fromUserPatch = (body: BasicAuthUserPatch): AccountChange => ({
  password: body.password ?? undefined,
  fullName: body.full_name,
});

const fromMemberPatch = (body: OrgIdentityPatch, query: RevokeCreatedQuery): MemberChange => ({
  ...fromUserPatch(body),
  role: fromRolePatch(body),
  revokeCreated: revokesCreated(query),
});

const toUserWithPassword = ({
  user,
  password,
  accessExpiresAt,
  requestedEnd,
}: AddedMember): UserWithPassword => ({
  id: user.id,
  ls_user_id: user.id,
  created_at: user.createdAt.toISOString(),
  updated_at: user.updatedAt.toISOString(),
  email: user.email,
  full_name: user.fullName,
  avatar_url: user.avatarUrl,
  password,
  ...endOfRow(requestedEnd, accessExpiresAt),
});

const toHandedOverLink = ({ token, url, expiresAt }: NewHandedOverLink): HandedOverPasswordLink => ({
  token,
  url,
  expires_at: expiresAt.toISOString(),
});
