import { Injectable } from '@nestjs/common';
import { Transaction } from '../../database/transactions/transaction.js';
import { OrgsRepository } from '../orgs/index.js';
import { RolesService } from '../roles/index.js';
import { ApplyBootstrapItems } from './apply-bootstrap-items.js';
import { CreateDefaultOrganization, type FirstAdmin } from './create-default-organization.js';

const LOCK = 'bootstrap';

/**
 * Creates what every installation has: the system roles, and one default organization with a workspace and an admin;
 * then the items that the operator has declared. Idempotent, also when several replicas start at once; an existing
 * default organization stays as it is, apart from new items.
 */
@Injectable()
export class Bootstrap {
  constructor(
    private readonly transaction: Transaction,
    private readonly roles: RolesService,
    private readonly orgs: OrgsRepository,
    private readonly createDefaultOrganization: CreateDefaultOrganization,
    private readonly applyBootstrapItems: ApplyBootstrapItems,
  ) {}

  /** The admin if this call created the account, else null. */
  run(): Promise<FirstAdmin | null> {
    return this.transaction.run(async () => {
      await this.transaction.lock(LOCK);
      await this.roles.installSystemRoles();
      const existing = await this.orgs.findDefault();
      const { orgId, admin } = existing
        ? { orgId: existing.id, admin: null }
        : await this.createDefaultOrganization.run();
      await this.applyBootstrapItems.run(orgId);
      return admin;
    });
  }
}
