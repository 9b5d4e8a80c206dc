import { OrganizationDisabled, SsoRequired } from '../../../common/access/access.errors.js';
import type { SessionMethod } from '../../../common/access/principal.js';
import type { DomainError } from '../../../common/errors/domain-error.js';
import type { Org } from '../../orgs/index.js';
import { InvitationExpired, InvitesDisabled } from '../core/invitations.errors.js';
import type { FoundInvitation } from '../core/invitations.repository.js';

/** Why a pending invitation cannot be accepted now by a user who signs in in this way; null if it can. */
export function acceptanceRefusal(
  { isExpired }: Pick<FoundInvitation, 'isExpired'>,
  org: Org,
  sessionMethod: SessionMethod | null,
): DomainError | null {
  if (org.isDisabled) return new OrganizationDisabled();
  if (isExpired) return new InvitationExpired();
  if (!org.invitesEnabled) return new InvitesDisabled();
  return org.ssoOnly && sessionMethod === 'password' ? new SsoRequired() : null;
}
