import { Body, Controller, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import { CurrentPrincipal, RequirePermission } from '../../../common/access/access.decorator.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { BodyList, type BodyRows } from '../../../common/http/operations/body-list.decorator.js';
import { Refuses, Returns } from '../../../common/http/operations/operation.decorator.js';
import { ApiTags } from '../../../common/http/operations/swagger.decorator.js';
import { PendingIdentity, PendingIdentityCreate } from '../../../contract/invitations.js';
import { Audited } from '../../audit/index.js';
import { Idempotent } from '../../idempotency/index.js';
import { PasswordChoiceGuard } from '../../roles/index.js';
import { singleRowLoc } from '../core/row-location.js';
import { GrantedInviteRights, RequireInviteRights } from '../rights/invite-rights.guard.js';
import type { InviteRights } from '../rights/invite-rights.js';
import { InviteBatchLimitInterceptor } from '../rights/invite-batch-limit.interceptor.js';
import { InvitePeople } from './invite-people.js';
import { ORG_BATCH, SINGLE_INVITE } from './invite-batch.js';
import { InviteOne } from './invite-one.js';
import { fromInvites, problemsOfInvite, toInviteOutcome } from './invites.mapper.js';

@ApiTags('orgs')
@Controller('api/v1/orgs/current/members')
export class OrgInvitesController {
  constructor(
    private readonly inviteOne: InviteOne,
    private readonly invitePeople: InvitePeople,
  ) {}

  @Post()
  @RequirePermission('organization:manage')
  @RequireInviteRights('organization')
  @UseGuards(PasswordChoiceGuard)
  @Audited('invite_user_to_org')
  @Idempotent()
  @Returns(PendingIdentity)
  @Refuses(
    'already_invited_or_member',
    'invite_targets_not_found',
    'invites_forbidden',
    'only_admins_choose_passwords',
    'password_hashing_busy',
    'password_hashing_overloaded',
    'password_needs_session',
    'seat_limit_reached',
  )
  async addMemberToCurrentOrg(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @Body() body: PendingIdentityCreate,
  ) {
    const bodyRows = { rows: [{ index: 0, row: body }], problems: [] };
    const invited = await this.inviteOne.run(principal, {
      ...SINGLE_INVITE,
      ...fromInvites(bodyRows, { locate: singleRowLoc }),
      rights,
      fromWorkspaceId: null,
    });
    return toInviteOutcome(principal)(invited);
  }

  @Post('batch')
  @RequirePermission('organization:manage')
  @RequireInviteRights('organization')
  @UseGuards(PasswordChoiceGuard)
  @UseInterceptors(InviteBatchLimitInterceptor)
  @Audited('invite_users_to_org_batch')
  @Idempotent()
  @Returns([PendingIdentity])
  @Refuses(
    'invite_targets_not_found',
    'invites_forbidden',
    'only_admins_choose_passwords',
    'password_needs_session',
    'seat_limit_reached',
  )
  async addMembersToCurrentOrgBatch(
    @CurrentPrincipal() principal: OrgPrincipal,
    @GrantedInviteRights() rights: InviteRights,
    @BodyList(PendingIdentityCreate, { max: 500, validateRow: problemsOfInvite })
    body: BodyRows<PendingIdentityCreate>,
  ) {
    const invited = await this.invitePeople.run(principal, {
      ...ORG_BATCH,
      ...fromInvites(body),
      rights,
      fromWorkspaceId: null,
    });
    return invited.map(toInviteOutcome(principal));
  }
}
