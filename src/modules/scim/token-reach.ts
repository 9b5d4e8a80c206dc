import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../common/access/principal.js';
import { OrgMembersService } from '../members/index.js';
import { isOrdinaryRole } from '../rbac/index.js';
import { ScimError } from './protocol/scim-error.js';

/**
 * A token does nothing that its maker could not do himself: one that an operator made leaves admins and operators alone,
 * and makes none (operations.md, operator guards). Asked under the roster lock.
 */
@Injectable()
export class TokenReach {
  constructor(private readonly members: OrgMembersService) {}

  /** Whatever is done to these members. */
  async assertCovers({ orgId, makesAdmins }: ScimPrincipal, userIds: readonly string[]): Promise<void> {
    if (makesAdmins) return;
    const found = await this.members.findByUsers(orgId, userIds);
    assertOrdinary([...found.values()].map(({ roleId }) => roleId));
  }

  /** That these organization roles are given and taken. */
  assertGives({ makesAdmins }: ScimPrincipal, orgRoleIds: readonly string[]): void {
    if (!makesAdmins) assertOrdinary(orgRoleIds);
  }
}

function assertOrdinary(orgRoleIds: readonly string[]): void {
  if (orgRoleIds.every(isOrdinaryRole)) return;
  throw new ScimError(
    null,
    'This token was made by an operator: it neither makes Organization Admins and Operators nor changes them. ' +
      'A token that an Organization Admin makes does.',
    403,
  );
}
