import { Injectable } from '@nestjs/common';
import type { OrgPrincipal } from '../../common/access/principal.js';
import { type InviteAccess, InviteAccessRule, type InvitePlace, type Org } from '../orgs/index.js';
import { InviteSettings } from './invite-settings.js';

/** `workspace` is null without a workspace in the request. */
export type InviteView = {
  readonly workspaceAdminsMayInvite: boolean;
  readonly inviteAccess: { readonly organization: InviteAccess; readonly workspace: InviteAccess | null };
};

/** Whether a caller may invite in the organization and the workspace of the request, without a query. */
@Injectable()
export class CallersInviteAccess {
  constructor(
    private readonly settings: InviteSettings,
    private readonly rule: InviteAccessRule,
  ) {}

  of(principal: OrgPrincipal, org: Org): InviteView {
    const accessAt = (level: InvitePlace['level']) => this.rule.of(principal, { org, level });
    return {
      workspaceAdminsMayInvite: this.settings.allowsWorkspaceAdmins(org),
      inviteAccess: {
        organization: accessAt('organization'),
        workspace: principal.workspaceId ? accessAt('workspace') : null,
      },
    };
  }
}
