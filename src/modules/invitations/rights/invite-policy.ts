import { Injectable } from '@nestjs/common';
import { RightsChanged } from '../../../common/access/access.errors.js';
import type { OrgPrincipal } from '../../../common/access/principal.js';
import { type Org, OrgsService } from '../../orgs/index.js';
import { InviteSettings } from '../../settings/index.js';
import { INVITES_ARE_OFF, PERSONAL_ORG_IS_CLOSED } from '../core/invitations.errors.js';
import { type InviteRights, inviteRights } from './invite-rights.js';

/** What an organization allows for invitations, read under the roster lock. */
@Injectable()
export class InvitePolicy {
  constructor(
    private readonly orgs: OrgsService,
    private readonly settings: InviteSettings,
  ) {}

  /**
   * The organization, and the reason why it accepts no new members (null if it does).
   *
   * @throws RightsChanged if the switch that granted the caller's rights changed while the request waited for the lock
   */
  async load(
    principal: OrgPrincipal,
    rights: InviteRights,
  ): Promise<{ org: Org; closedReason: string | null }> {
    const org = await this.orgs.get(principal.orgId);
    const currentRights = inviteRights(principal, this.settings.allowsWorkspaceAdmins(org));
    if (currentRights !== rights) throw new RightsChanged();
    return { org, closedReason: closedReasonOf(org) };
  }
}

function closedReasonOf(org: Org): string | null {
  if (org.isPersonal) return PERSONAL_ORG_IS_CLOSED;
  return org.invitesEnabled ? null : INVITES_ARE_OFF;
}
