import { isOrdinaryRole } from '../rbac/index.js';
import type { AddressProof } from '../users/index.js';

/** Whether what is proved of an address is enough to become this in the organization (contract decision 49). */
export const isEnoughFor = (proof: AddressProof, orgRoleId: string): boolean =>
  proof === 'any-role' || (proof === 'ordinary-roles' && isOrdinaryRole(orgRoleId));
