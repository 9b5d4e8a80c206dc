/** Who chose a password. `unknown`: set by an earlier version, so an operator may have chosen or seen it. */
export type PasswordChooser = 'owner' | 'organization_admin' | 'installation' | 'unknown';

/** Origin of a password; columns of `passwords`. */
export type PasswordOrigin = {
  readonly chosenBy: PasswordChooser;
  /** The organization whose admin chose it, or chose the one that its owner replaced by it. */
  readonly issuingOrgId: string | null;
  readonly addressProved: boolean;
  /** The account is in the personal organization of another user, whose admin may have chosen it. */
  readonly isInOthersPersonalOrg: boolean;
};

/** Invitations of an organization that a login may accept: none, those to ordinary organization roles, or all. */
export type AddressProof = 'none' | 'ordinary-roles' | 'any-role';

type Organization = {
  readonly id: string;
  /** All others are personal, so no admin of another organization can have chosen the password. */
  readonly isOnlyOne: boolean;
};

/**
 * What a login proves of the account's address (docs/contract/passwords.md#what-a-password-proves). A change by the
 * owner proves no more than the replaced password, which others may have known.
 */
export function proofByPassword(origin: PasswordOrigin | null, org: Organization): AddressProof {
  if (!origin) return 'none';
  if (origin.addressProved || origin.issuingOrgId === org.id) return 'any-role';
  const isFromHere = origin.issuingOrgId === null && org.isOnlyOne && !origin.isInOthersPersonalOrg;
  return isFromHere ? 'ordinary-roles' : 'none';
}

/** To Organization Admin or Operator. One of unknown origin must first be reset by an admin or changed by its owner. */
export const allowsPromotion = (origin: PasswordOrigin | null, orgId: string): boolean =>
  origin === null ||
  origin.addressProved ||
  origin.issuingOrgId === orgId ||
  (origin.chosenBy === 'owner' && origin.issuingOrgId === null);
