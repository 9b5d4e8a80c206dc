import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/value-checks.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { assertVersion, type VersionedTarget } from '../protocol/resource.js';
import { ScimResourceNotFound } from '../http/errors.js';
import { ScimTokenScope } from '../tokens/scim-token-scope.js';
import { EndAccess, revokedDetails } from './end-access.js';
import { ScimAccounts } from './scim-accounts.js';
import { ScimUsersRepository } from './scim-users.repository.js';

/**
 * Removes a user from the organization (docs/contract/scim.md#users); the SCIM user and its group memberships are
 * deleted by cascade.
 */
@Injectable()
export class RemoveUser {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly endAccess: EndAccess,
    private readonly accounts: ScimAccounts,
    private readonly audit: AuditTrail,
    private readonly reach: ScimTokenScope,
  ) {}

  /** @throws LastAdminRequired, VersionMismatch */
  run(principal: ScimPrincipal, target: VersionedTarget): Promise<void> {
    const { orgId } = principal;
    return this.transaction.runAs(principal, async () => {
      const row = UUID.test(target.id) ? await this.users.lock(orgId, target.id) : null;
      if (!row) throw new ScimResourceNotFound();
      assertVersion(row, target);
      await this.reach.assertMayChange(principal, [row.userId]);
      const revoked = await this.endAccess.remove(principal, row);
      await this.accounts.removeIfSolelyHeld(row);
      const details = revokedDetails(row, revoked);
      await this.audit.record(principal, 'delete_scim_user', [row.id, row.userId], { details });
    });
  }
}
