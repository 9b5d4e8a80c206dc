import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transaction.js';
import { OrgsService } from '../orgs/index.js';
import { RolesService } from '../rbac/index.js';
import { ProvisionOrganization } from '../workspaces/index.js';
import { FirstAccount } from './first-account.js';

/** The admin of a new installation. `password` is set only if it was generated: show it once and do not store it. */
export type FirstAdmin = { email: string; password: string | null };

const LOCK = 'bootstrap';

/**
 * Creates what every installation has: the system roles, and one default organization with a workspace and an admin.
 * Idempotent, also when several replicas start at once; an existing default organization stays as it is.
 */
@Injectable()
export class Bootstrap {
  constructor(
    private readonly transaction: Transaction,
    private readonly roles: RolesService,
    private readonly orgs: OrgsService,
    private readonly firstAccount: FirstAccount,
    private readonly provisionOrganization: ProvisionOrganization,
    private readonly config: Config,
  ) {}

  /** The admin if this call created the account, else null. */
  run(): Promise<FirstAdmin | null> {
    return this.transaction.runLocked(LOCK, async () => {
      await this.roles.installSystemRoles();
      if (await this.orgs.findDefault()) return null;
      const { email, userId } = await this.firstAccount.create();
      const { org } = await this.provisionOrganization.run({
        displayName: this.config.bootstrap.orgName,
        isPersonal: false,
        isDefault: true,
        ownerId: userId,
        via: 'bootstrap',
        actor: { userId: null, orgId: null, request: null },
        operation: 'create_organization',
      });
      return { email, password: await this.firstAccount.setInitialPassword(userId, org.id) };
    });
  }
}
