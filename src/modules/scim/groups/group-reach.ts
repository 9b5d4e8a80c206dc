import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import { TokenMayNotWriteGroup } from '../tokens/errors.js';
import { grantsOf } from './group-binding.js';
import { GroupNameBinder } from './group-name-binder.js';
import type { ScimGroup } from './entities.js';

/**
 * A token created by an operator may not write a group that grants, or could grant later, more than its creator may
 * grant: names are unique, so the group would also block the name for other tokens (docs/contract/scim.md#tokens).
 * Callers hold the roster lock.
 */
@Injectable()
export class GroupReach {
  constructor(
    private readonly names: GroupNameBinder,
    private readonly reach: ScimTokenScope,
  ) {}

  /** For a new name of a group. @throws TokenMayNotWriteGroup */
  async assertMayName(principal: ScimPrincipal, displayName: string): Promise<void> {
    if (principal.makesAdmins) return;
    const grants = await this.names.couldGive(principal.orgId, displayName);
    if (!(await this.reach.mayGiveAll(principal, grants))) throw new TokenMayNotWriteGroup();
  }

  /** For an existing group, whose binding may differ from its current name. @throws TokenMayNotWriteGroup */
  async assertMayChange(principal: ScimPrincipal, group: ScimGroup): Promise<void> {
    if (!(await this.reach.mayGiveAll(principal, grantsOf(group)))) throw new TokenMayNotWriteGroup();
    await this.assertMayName(principal, group.displayName);
  }
}
