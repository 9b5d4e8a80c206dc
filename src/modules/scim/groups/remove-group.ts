import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/value-checks.js';
import { Transaction } from '../../../database/transaction.js';
import { assertVersion, type VersionedTarget } from '../assert-version.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { GroupEffects } from './group-effects.js';
import { GroupReach } from './group-reach.js';
import { GroupMembersRepository } from './group-members.repository.js';
import { ScimGroupsRepository } from './scim-groups.repository.js';

/** Deletes a group and revokes its grant; grants of other groups stay. */
@Injectable()
export class RemoveGroup {
  constructor(
    private readonly transaction: Transaction,
    private readonly groups: ScimGroupsRepository,
    private readonly members: GroupMembersRepository,
    private readonly effects: GroupEffects,
    private readonly reach: GroupReach,
  ) {}

  /** @throws LastAdminRequired, VersionMismatch, TokenMayNotWriteGroup */
  run(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    const { orgId } = principal;
    return this.transaction.runAs(principal, async () => {
      const row = UUID.test(target.id) ? await this.groups.lock(orgId, target.id) : null;
      if (!row) throw new ScimResourceNotFound();
      assertVersion(row, target);
      await this.reach.assertMayChange(principal, row);
      const members = await this.members.listMembers(orgId, [row.id]);
      await this.groups.remove(orgId, row.id);
      await this.effects.afterRemove(principal, row, members);
    });
  }
}
