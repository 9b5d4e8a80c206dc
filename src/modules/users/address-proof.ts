/** Who chose a password. `unknown`: it is older than this record, so an operator may have chosen or seen it. */
export type PasswordChooser = 'owner' | 'organization_admin' | 'installation' | 'unknown';

/** Where a password came from; the columns of `passwords`. */
export type PasswordOrigin = {
  readonly chosenBy: PasswordChooser;
  /** Whose admin chose it, or the one that its owner changed into it. */
  readonly vouchingOrgId: string | null;
  /** The owner set it after proving the address. */
  readonly addressProved: boolean;
};

/** Invitations of an organization that a login may accept: none, those to ordinary organization roles, or all. */
export type AddressProof = 'none' | 'ordinary-roles' | 'any-role';

type Organization = {
  readonly id: string;
  /** There is no other one but personal ones, so nobody outside of it can have chosen a password. */
  readonly isOnlyOne: boolean;
};

/**
 * What a login with this password proves of its account's address to an organization (contract decision 49). A change by
 * the owner proves nothing more than the password it replaced: whoever knew that one may have made the change.
 */
export function proofByPassword(origin: PasswordOrigin | null, org: Organization): AddressProof {
  if (!origin) return 'none';
  if (origin.addressProved || origin.vouchingOrgId === org.id) return 'any-role';
  return origin.vouchingOrgId === null && org.isOnlyOne ? 'ordinary-roles' : 'none';
}

/**
 * Whether the owner of this password may become Organization Admin or Operator there. One of unknown origin has to be
 * reset by an Organization Admin, or changed by its owner, first.
 */
export const allowsPromotion = (origin: PasswordOrigin | null, orgId: string): boolean =>
  origin === null ||
  origin.addressProved ||
  origin.vouchingOrgId === orgId ||
  (origin.chosenBy === 'owner' && origin.vouchingOrgId === null);
