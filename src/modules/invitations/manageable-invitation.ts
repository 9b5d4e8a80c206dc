import type { OrgPrincipal } from '../../common/access/principal.js';
import { OnlyAdminsManageAdmins } from '../members/index.js';
import { mayGrantOrgAdmin, mayManageOrgRole, ORG_ADMIN_ID } from '../rbac/index.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationNotFound, OperatorCannotChangeInvitation } from './invitations.errors.js';

/** Operators work with invitations of ordinary people only. */
export function assertManageable(
  principal: OrgPrincipal,
  invitation: Invitation | null,
): asserts invitation is Invitation {
  if (!invitation) throw new InvitationNotFound();
  if (!mayManageOrgRole(principal, invitation.orgRoleId)) throw new OperatorCannotChangeInvitation();
}

/** Whoever will be an Organization Admin is no workspace's to change or to take out, as with members. */
export function assertNotAbove(principal: OrgPrincipal, { orgRoleId }: { orgRoleId: string }): void {
  if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageAdmins();
}
