import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { ScimTokenScope } from '../scim-token-scope.js';
import { TokenMayNotWriteGroup } from '../token-reach.errors.js';
import { grantsOf, GroupNameBinder } from './group-binding.js';
import type { ScimGroup } from './scim-group.entity.js';

/**
 * A token made by an operator writes no group that gives, or could give later, more than its maker may give: names are
 * unique, so it would also keep other tokens from using the name (contract decision 51). Callers hold the roster lock.
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

  /** For a group that exists, which may be bound to what its name does not say any more. @throws TokenMayNotWriteGroup */
  async assertMayChange(principal: ScimPrincipal, group: ScimGroup): Promise<void> {
    if (!(await this.reach.mayGiveAll(principal, grantsOf(group)))) throw new TokenMayNotWriteGroup();
    await this.assertMayName(principal, group.displayName);
  }
}
