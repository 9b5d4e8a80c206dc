import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { DatabaseClock } from '../../../database/database-clock.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { GroupNameBinder } from './group-binding.js';
import type { GroupEdit } from './group-edit.js';
import { GroupEffects } from './group-effects.js';
import { GroupReach } from './group-reach.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/**
 * Creates a group, even if its name grants nothing: the provider's synchronization must not fail
 * (docs/contract/scim.md#group-names).
 */
@Injectable()
export class CreateGroup {
  constructor(
    private readonly clock: DatabaseClock,
    private readonly transaction: Transaction,
    private readonly names: GroupNameBinder,
    private readonly groups: ScimGroupsRepository,
    private readonly effects: GroupEffects,
    private readonly reach: GroupReach,
  ) {}

  /**
   * Returns the id.
   * @throws TokenMayNotWriteGroup, ScimError uniqueness, ScimResourceNotFound for a member who is not a user
   */
  run(principal: ScimPrincipal, { profile, members }: GroupEdit): Promise<string> {
    const { orgId } = principal;
    const id = newId();
    return this.transaction.runAs(principal, async () => {
      const values = profile({});
      await this.reach.assertMayName(principal, values.displayName);
      const [binding] = await this.names.bind(orgId, [values.displayName]);
      const createdAt = await this.clock.now();
      const { makesAdmins } = principal;
      const times = { version: 1, createdAt, updatedAt: createdAt };
      const group = { ...values, ...binding!, id, orgId, makesAdmins, ...times };
      await this.groups.insert(group);
      await this.effects.afterCreate(principal, group, members);
      return id;
    });
  }
}
