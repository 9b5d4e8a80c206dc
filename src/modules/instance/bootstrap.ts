import { Injectable } from '@nestjs/common';
import { generatePassword } from '../../common/secrets/password-rule.js';
import { Config } from '../../config/config.js';
import { Transaction } from '../../database/transaction.js';
import { PasswordsService } from '../auth/passwords/index.js';
import { OrgsService } from '../orgs/index.js';
import { RolesService } from '../rbac/index.js';
import { UsersService } from '../users/index.js';
import { ProvisionOrganization } from '../workspaces/index.js';

/** The admin of a new installation. `password` is set only if it was generated: show it once and do not store it. */
export type FirstAdmin = { email: string; password: string | null };

const DEFAULT_ADMIN = 'admin@localhost.localdomain';
const LOCK = 'bootstrap';

@Injectable()
export class FirstAccount {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly config: Config,
  ) {}

  async create(): Promise<{ email: string; userId: string }> {
    const email = this.config.bootstrap.adminEmail ?? DEFAULT_ADMIN;
    const { users } = await this.users.ensure([{ email, fullName: null }]);
    return { email, userId: users.get(email)!.id };
  }

  /**
   * Returns the password if it was generated; an existing account keeps its own. With single sign-on the account has no
   * password, and its user signs in at the provider (docs/contract/sign-in.md#linking-logins).
   */
  async setInitialPassword(userId: string, orgId: string): Promise<string | null> {
    if (this.config.sso) return null;
    const { adminPassword } = this.config.bootstrap;
    const password = adminPassword ?? generatePassword();
    const set = await this.passwords.chooseFirst(
      [{ userId, digest: await this.passwords.hash(password) }],
      { chosenBy: 'installation', vouchingOrgId: orgId },
      'bootstrap',
    );
    return adminPassword === null && set.has(userId) ? password : null;
  }
}

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
