import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../common/collections.js';
import { generatePassword } from '../../common/secrets/password-rule.js';
import { Config } from '../../config/config.js';
import { OrgsRepository } from '../orgs/index.js';
import { PasswordsService } from '../passwords/index.js';
import { UsersRepository } from '../users/index.js';
import { ProvisionOrganization } from '../workspaces/index.js';
import { FirstAdminUnknown } from './errors.js';

const DEFAULT_ADMIN = 'admin@localhost.localdomain';

/** The admin of a new installation. `password` is set only if it was generated: show it once and do not store it. */
export type FirstAdmin = { email: string; password: string | null };

/** Creates the default organization with a workspace and an admin unless it exists, in the open transaction. */
@Injectable()
export class CreateDefaultOrganization {
  constructor(
    private readonly orgs: OrgsRepository,
    private readonly users: UsersRepository,
    private readonly passwords: PasswordsService,
    private readonly provisionOrganization: ProvisionOrganization,
    private readonly config: Config,
  ) {}

  /** `admin` is null if the organization exists. @throws FirstAdminUnknown */
  async run(): Promise<{ orgId: string; admin: FirstAdmin | null }> {
    const existing = await this.orgs.findDefault();
    if (existing) return { orgId: existing.id, admin: null };
    const { email, userId } = await this.createAccount();
    const input = { displayName: this.config.bootstrap.orgName, isPersonal: false, securityContact: null };
    const { org } = await this.provisionOrganization.run(input, {
      isDefault: true,
      ownerId: userId,
      via: 'bootstrap',
      actor: { userId: null, orgId: null, request: null },
      operation: 'create_organization',
    });
    const password = await this.setInitialPassword(userId, org.id);
    return { orgId: org.id, admin: { email, password } };
  }

  private async createAccount(): Promise<{ email: string; userId: string }> {
    const { adminEmail } = this.config.bootstrap;
    if (adminEmail === null && this.config.sso) throw new FirstAdminUnknown();
    const email = adminEmail ?? DEFAULT_ADMIN;
    const { users } = await this.users.ensure([{ email, fullName: null }]);
    return { email, userId: getOrThrow(users, email).id };
  }

  /** The generated password, or null. With single sign-on there is none (docs/contract/sign-in.md#linking-logins). */
  private async setInitialPassword(userId: string, orgId: string): Promise<string | null> {
    if (this.config.sso) return null;
    const { adminPassword } = this.config.bootstrap;
    const password = adminPassword ?? generatePassword();
    const set = await this.passwords.chooseFirst(
      [{ userId, digest: await this.passwords.hash(password) }],
      { chosenBy: 'installation', issuingOrgId: orgId },
      'bootstrap',
    );
    return adminPassword === null && set.has(userId) ? password : null;
  }
}
