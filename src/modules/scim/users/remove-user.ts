import { Injectable } from '@nestjs/common';
import type { ScimPrincipal } from '../../../common/access/principal.js';
import { UUID } from '../../../common/http/plain-values.js';
import { Transaction } from '../../../database/transaction.js';
import { AuditTrail } from '../../audit/index.js';
import { assertVersion, type Target } from '../assert-version.js';
import { ScimResourceNotFound } from '../scim-resource.errors.js';
import { TokenReach } from '../token-reach.js';
import { EndAccess, revokedOf } from './end-access.js';
import { ScimAccounts } from './scim-accounts.js';
import { ScimUsersRepository } from './scim-users.repository.js';

/** Takes a person out of the organization (contract decision 11); the record and its places in groups go by cascade. */
@Injectable()
export class RemoveUser {
  constructor(
    private readonly transaction: Transaction,
    private readonly users: ScimUsersRepository,
    private readonly access: EndAccess,
    private readonly accounts: ScimAccounts,
    private readonly audit: AuditTrail,
    private readonly reach: TokenReach,
  ) {}

  /** Throws LastAdminMustStay, VersionMismatch. */
  run(principal: ScimPrincipal, target: Target): Promise<void> {
    const { orgId } = principal;
    return this.transaction.runAs(principal, async () => {
      const row = UUID.test(target.id) ? await this.users.lock(orgId, target.id) : null;
      if (!row) throw new ScimResourceNotFound();
      assertVersion(row, target);
      await this.reach.assertCovers(principal, [row.userId]);
      const revoked = await this.access.remove(principal, row);
      await this.accounts.abandon(row);
      const details = revokedOf(row, revoked);
      await this.audit.record(principal, 'delete_scim_user', [row.id, row.userId], { details });
    });
  }
}
