import { isOrdinaryRole } from '../../rbac/index.js';
import type { AddressProof } from '../../passwords/index.js';

/** Whether this proof of the address suffices for the org role (docs/contract/passwords.md#what-a-password-proves). */
export const isEnoughFor = (proof: AddressProof, orgRoleId: string): boolean =>
  proof === 'any-role' || (proof === 'ordinary-roles' && isOrdinaryRole(orgRoleId));
