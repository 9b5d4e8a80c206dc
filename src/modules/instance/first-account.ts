import { Injectable } from '@nestjs/common';
import { getOrThrow } from '../../common/collections.js';
import { generatePassword } from '../../common/secrets/password-rule.js';
import { Config } from '../../config/config.js';
import { PasswordsService } from '../passwords/index.js';
import { UsersService } from '../users/index.js';
import { FirstAdminUnknown } from './instance.errors.js';

const DEFAULT_ADMIN = 'admin@localhost.localdomain';

/** The account of the first admin. */
@Injectable()
export class FirstAccount {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: PasswordsService,
    private readonly config: Config,
  ) {}

  /** @throws FirstAdminUnknown */
  async create(): Promise<{ email: string; userId: string }> {
    const { adminEmail } = this.config.bootstrap;
    if (adminEmail === null && this.config.sso) throw new FirstAdminUnknown();
    const email = adminEmail ?? DEFAULT_ADMIN;
    const { users } = await this.users.ensure([{ email, fullName: null }]);
    return { email, userId: getOrThrow(users, email).id };
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
