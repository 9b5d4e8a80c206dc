import { Injectable } from '@nestjs/common';
import { PermissionMissing } from '../../../common/access/access.errors.js';
import { type InviteAccess, InviteAccessRule, type InvitePlace, type Inviter } from '../../orgs/index.js';
import { InviteSettings } from '../../settings/index.js';
import { WHO_INVITES } from '../core/invitations.errors.js';
import { CLOSED_REASONS, closedBy } from './invite-context-loader.js';
import { INVITE_PERMISSION, inviteRightsAt, mayInviteNewPeople } from './invite-rights.js';

const MISSING: Record<InvitePlace['level'], string> = {
  organization: new PermissionMissing(INVITE_PERMISSION.organization).message,
  workspace: new PermissionMissing(INVITE_PERMISSION.workspace).message,
};

/** What `InviteRightsGuard` and the invite context enforce (docs/contract/invitations.md#may-i-invite). */
@Injectable()
export class EnforcedInviteAccess extends InviteAccessRule {
  constructor(private readonly settings: InviteSettings) {
    super();
  }

  of(caller: Inviter, { org, level }: InvitePlace): InviteAccess {
    const rights = inviteRightsAt(level, caller, this.settings.allowsWorkspaceAdmins(org));
    if (!rights) {
      const message = MISSING[level];
      return { mayAddMembers: false, mayInviteNewPeople: false, obstacle: 'permission_missing', message };
    }
    const obstacle = closedBy(org) ?? (mayInviteNewPeople(rights) ? null : 'workspace_invites_disabled');
    return {
      mayAddMembers: level === 'workspace',
      mayInviteNewPeople: obstacle === null,
      obstacle,
      message:
        obstacle && (obstacle === 'workspace_invites_disabled' ? WHO_INVITES : CLOSED_REASONS[obstacle]),
    };
  }

  allowsWorkspaceAdmins(org: InvitePlace['org']): boolean {
    return this.settings.allowsWorkspaceAdmins(org);
  }
}
