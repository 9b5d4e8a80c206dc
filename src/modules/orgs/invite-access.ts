import type { Principal } from '../../common/access/principal.js';
import type { Org } from './org.entity.js';

/** What a caller may do in one place, so that front ends need not try; each request is checked again. */
export type InviteAccess = {
  readonly mayInviteNewPeople: boolean;
  /** Members of the organization to the workspace. */
  readonly mayAddMembers: boolean;
  /** Null if new people may be invited. */
  readonly obstacle:
    'permission_missing' | 'personal_organization' | 'invites_disabled' | 'workspace_invites_disabled' | null;
  /** The obstacle for people, with who can remove it. */
  readonly message: string | null;
};

export type Inviter = Pick<Principal, 'orgRole' | 'key' | 'can'>;
export type InvitePlace = {
  readonly org: Pick<Org, 'isPersonal' | 'invitesEnabled' | 'workspaceAdminCanInviteToOrg'>;
  readonly level: 'organization' | 'workspace';
};

/** Provided by the invitations module, which enforces the rule. */
export abstract class InviteAccessRule {
  abstract of(caller: Inviter, place: InvitePlace): InviteAccess;

  /** By the switch of the installation, else that of the organization. */
  abstract allowsWorkspaceAdmins(org: InvitePlace['org']): boolean;
}
