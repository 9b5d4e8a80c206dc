import type { Org } from '../../orgs/index.js';
import { INVITES_ARE_OFF, PERSONAL_ORG_IS_CLOSED } from '../core/invitations.errors.js';

/** Why an organization accepts no new members, for people. */
export const CLOSED_REASONS = {
  personal_organization: PERSONAL_ORG_IS_CLOSED,
  invites_disabled: INVITES_ARE_OFF,
} as const;

/** Null if the organization accepts new members. */
export function closedBy({
  isPersonal,
  invitesEnabled,
}: Pick<Org, 'isPersonal' | 'invitesEnabled'>): keyof typeof CLOSED_REASONS | null {
  if (isPersonal) return 'personal_organization';
  return invitesEnabled ? null : 'invites_disabled';
}
