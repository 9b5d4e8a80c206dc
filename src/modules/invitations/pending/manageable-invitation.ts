import type { OrgPrincipal } from '../../../common/access/principal.js';
import { OnlyAdminsManageAdmins } from '../../members/index.js';
import { mayGrantOrgAdmin, mayManageOrgRole, ORG_ADMIN_ID } from '../../rbac/index.js';
import type { Invitation } from '../core/invitation.entity.js';
import { InvitationNotFound, OperatorCannotChangeInvitation } from '../core/invitations.errors.js';

/** Operators manage invitations with ordinary roles only. */
export function assertManageable(
  principal: OrgPrincipal,
  invitation: Invitation | null,
): asserts invitation is Invitation {
  if (!invitation) throw new InvitationNotFound();
  if (!mayManageOrgRole(principal, invitation.orgRoleId)) throw new OperatorCannotChangeInvitation();
}

/** An invitation as Organization Admin cannot be changed or revoked from a workspace, as with members. */
export function assertNotAbove(principal: OrgPrincipal, { orgRoleId }: { orgRoleId: string }): void {
  if (orgRoleId === ORG_ADMIN_ID && !mayGrantOrgAdmin(principal)) throw new OnlyAdminsManageAdmins();
}
