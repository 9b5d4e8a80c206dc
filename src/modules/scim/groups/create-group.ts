import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { newId } from '../../../database/new-id.js';
import { Transaction } from '../../../database/transaction.js';
import { GroupNameBinder } from './group-binding.js';
import type { GroupEdit } from './group-edit.js';
import { GroupEffects } from './group-effects.js';
import { GroupReach } from './group-reach.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** A new group, kept also when its name gives nothing: the provider's sync must not fail of it (semantics, section 11). */
@Injectable()
export class CreateGroup {
  constructor(
    private readonly transaction: Transaction,
    private readonly names: GroupNameBinder,
    private readonly groups: ScimGroupsRepository,
    private readonly effects: GroupEffects,
    private readonly reach: GroupReach,
  ) {}

  /** The id. Throws uniqueness, TokenMayNotWriteGroup, ScimResourceNotFound for a member who is no user. */
  run(principal: ScimPrincipal, { profile, members }: GroupEdit): Promise<string> {
    const { orgId } = principal;
    const id = newId();
    return this.transaction.runAs(principal, async () => {
      const values = profile({});
      await this.reach.assertMayName(principal, values.displayName);
      const [binding] = await this.names.bind(orgId, [values.displayName]);
      const createdAt = new Date();
      const { makesAdmins } = principal;
      const times = { version: 1, createdAt, updatedAt: createdAt };
      const group = { ...values, ...binding!, id, orgId, makesAdmins, ...times };
      await this.groups.insert(group);
      await this.effects.afterCreate(principal, group, members);
      return id;
    });
  }
}
