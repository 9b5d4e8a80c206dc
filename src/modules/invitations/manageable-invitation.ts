import type { OrgPrincipal } from '../../common/access/principal.js';
import { mayManageOrgRole } from '../rbac/index.js';
import type { Invitation } from './invitation.entity.js';
import { InvitationNotFound, OperatorMayNotTouchInvitation } from './invitations.errors.js';

/** Operators work with invitations of ordinary people only. */
export function assertManageable(
  principal: OrgPrincipal,
  invitation: Invitation | null,
): asserts invitation is Invitation {
  if (!invitation) throw new InvitationNotFound();
  if (!mayManageOrgRole(principal, invitation.orgRoleId)) throw new OperatorMayNotTouchInvitation();
}
